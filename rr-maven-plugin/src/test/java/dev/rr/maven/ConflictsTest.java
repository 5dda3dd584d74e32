package dev.rr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.util.List;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.DependencyNode;
import org.junit.jupiter.api.Test;

class ConflictsTest {
  private static DependencyNode node(String coordinates, DependencyNode... children) {
    DependencyNode node = new DefaultDependencyNode(new DefaultArtifact(coordinates));
    node.setChildren(List.of(children));
    return node;
  }

  @Test
  void twoPluginsThatWantOneVersionAgree() {
    DependencyNode root =
        node(
            "x:root:1",
            node("x:a:1", node("lib:json:2")),
            node("x:b:1", node("lib:web:1", node("lib:json:2"))));
    assertThatCode(() -> Conflicts.check(root)).doesNotThrowAnyException();
  }

  @Test
  void everyLibraryThatPluginsWantInDifferentVersionsIsNamedWithThem() {
    DependencyNode root =
        node(
            "x:root:1",
            node("x:a:1", node("lib:json:2"), node("lib:log:1")),
            node("x:b:1", node("lib:web:1", node("lib:json:3"), node("lib:log:4"))));
    assertThatThrownBy(() -> Conflicts.check(root))
        .isInstanceOfSatisfying(
            BuildException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("lib:json is wanted in different versions: 2 (x:a:1), 3 (x:b:1)."));
  }

  @Test
  void whatOnePluginWantsInTwoVersionsIsItsOwnAffair() {
    DependencyNode root =
        node("x:root:1", node("x:a:1", node("lib:json:2"), node("lib:web:1", node("lib:json:3"))));
    assertThatCode(() -> Conflicts.check(root)).doesNotThrowAnyException();
  }

  @Test
  void aClassifierMakesAnotherFile() {
    DependencyNode root =
        node(
            "x:root:1",
            node("x:a:1", node("lib:native:jar:linux-x86_64:1")),
            node("x:b:1", node("lib:native:jar:linux-aarch_64:2")));
    assertThatCode(() -> Conflicts.check(root)).doesNotThrowAnyException();
  }
}
