package dev.rr.build.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.util.List;
import java.util.Set;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
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

  private static DependencyNode managed(String coordinates, String wanted) {
    DefaultDependencyNode node = new DefaultDependencyNode(new DefaultArtifact(coordinates));
    node.setData(DependencyManagerUtils.NODE_DATA_PREMANAGED_VERSION, wanted);
    node.setManagedBits(DependencyNode.MANAGED_VERSION);
    return node;
  }

  private static List<String> overrides(DependencyNode... below) {
    return DisplacedVersions.of(
        node("x:root:1", node("acme:audit:1.0", below)), Set.of("lib:decided"));
  }

  @Test
  void aPluginOfOthersThatGetsAnOlderLibraryOrAnotherMajorVersionIsNamed() {
    assertThat(
            overrides(
                managed("dev.rr:rr-api:0.1.0", "0.2.0"),
                node("acme:base:3", managed("io.netty:netty-buffer:4.2.9", "5.0.1")),
                managed("lib:old:3.1", "2.9")))
        .extracting(text -> text.substring(0, text.indexOf('.', text.indexOf("which"))))
        .containsExactly(
            "acme:audit:1.0 wants dev.rr:rr-api 0.2.0 and would get 0.1.0, which is older",
            "acme:audit:1.0 wants io.netty:netty-buffer 5.0.1 and would get 4.2.9, which is older",
            "acme:audit:1.0 wants lib:old 2.9 and would get 3.1, which is another major version");
  }

  @Test
  void aNewerLibraryOfTheSameMajorVersionIsWhatAPluginMayGet() {
    assertThat(
            overrides(
                managed("lib:json:2.11.0", "2.10"),
                managed("lib:same:1.0", "1.0"),
                managed("dev.rr:rr-api:0.1.0", "0.1.0-SNAPSHOT"),
                managed("lib:decided:1", "7")))
        .isEmpty();
  }

  @Test
  void rrsOwnPluginsAreTestedWithWhatTheyGet() {
    DependencyNode root =
        node("x:root:1", node("dev.rr:rr-plugin-redis:0.1.0", managed("lib:old:3.1", "2.9")));
    assertThat(DisplacedVersions.of(root, Set.of())).isEmpty();
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
