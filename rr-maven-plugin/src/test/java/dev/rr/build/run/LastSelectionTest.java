package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.Graph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastSelectionTest {
  private static final Coordinates OWN = new Coordinates("com.example", "own", "1");
  private static final Input OTHER =
      new Input(new Coordinates("dev.rr", "rr-template", "1"), Path.of("template.jar"));

  @TempDir Path folder;
  private int asked;
  private boolean wrong;

  private LastSelection selections() {
    return new LastSelection(this::select, List.of(folder.resolve(".rr.yaml")));
  }

  private Selection select(Path classes) throws BuildException {
    asked++;
    if (wrong) {
      throw new BuildException("wrong");
    }
    return new Selection(
        new Graph(List.of()),
        List.of(),
        List.of(new Input(OWN, classes), OTHER),
        List.of(),
        List.of());
  }

  private Path classes(String name, String descriptor) throws Exception {
    Path classes = folder.resolve(name);
    Path says = Files.createDirectories(classes.resolve("META-INF/rr/plugin"));
    Files.writeString(says.resolve("own.json"), descriptor);
    return classes;
  }

  @Test
  void classesThatSayTheSameOfThemselvesTakeThePlaceOfTheLast() throws Exception {
    LastSelection selections = selections();
    selections.select(classes("one", "{}"));
    Path two = classes("two", "{}");
    assertThat(selections.select(two).inputs()).containsExactly(new Input(OWN, two), OTHER);
    Path three = classes("three", "{}");
    assertThat(selections.select(three).inputs()).containsExactly(new Input(OWN, three), OTHER);
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void anotherDescriptorOrConfigurationSelectsAgain() throws Exception {
    LastSelection selections = selections();
    selections.select(classes("one", "{}"));
    selections.select(classes("two", "{ }"));
    assertThat(asked).isEqualTo(2);
    Files.writeString(folder.resolve(".rr.yaml"), "http: {}");
    selections.select(classes("three", "{ }"));
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void whatWasWrongIsAskedAgain() throws Exception {
    LastSelection selections = selections();
    wrong = true;
    assertThatThrownBy(() -> selections.select(classes("one", "{}")))
        .isInstanceOf(BuildException.class);
    wrong = false;
    selections.select(classes("two", "{}"));
    assertThat(asked).isEqualTo(2);
  }
}
