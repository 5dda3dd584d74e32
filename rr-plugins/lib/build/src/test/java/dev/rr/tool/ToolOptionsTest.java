package dev.rr.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolOptionsTest {
  @TempDir Path folder;

  @Test
  void valuesStandAfterASpaceOrAnEqualsSign() throws Exception {
    ToolOptions options =
        ToolOptions.parse(
            List.of("--plugins=http", "--output", "rr", "--repository", "a=b", "--repository=c=d"));
    assertThat(options.value("--plugins")).contains("http");
    assertThat(options.value("--output")).contains("rr");
    assertThat(options.values("--repository")).containsExactly("a=b", "c=d");
    assertThat(options.has("--prove")).isFalse();
  }

  @Test
  void everyMistakeIsSaidAtOnce() {
    assertThatThrownBy(
            () -> ToolOptions.parse(List.of("--plugin=http", "http", "--prove=yes", "--output")))
        .isInstanceOfSatisfying(
            BuildException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(4)
                    .anySatisfy(p -> assertThat(p).startsWith("http is no flag; there are "))
                    .contains(
                        "--plugin=http is no flag; did you mean --plugins?",
                        "--output has no value"));
  }

  @Test
  void aFileInTheRepositorysPlaceIsSaidInASentence() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    List<String> arguments = List.of("--folder", folder.toString(), "--local", file + "/m2");
    assertThat(BuildTool.run(arguments, err, err)).isOne();
    assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("rr-build: ").hasLineCount(1);
  }

  @Test
  void helpNamesEveryFlag() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertThat(BuildTool.run(List.of("--help"), out, out)).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("--plugins", "--preset", "--from", "--auto-add", "--versions", "--output")
        .contains(
            "--version", "--prove", "--lock-file", "--lock", "--verify", "--jdk", "--repository")
        .contains("--settings", "--local", "--offline", "--folder");
  }

  @Test
  void whatTheCoreSaysInPropertiesIsSaidInFlags() {
    assertThat(
            ToolOptions.inFlags(
                "add it to rr.plugins: -Drr.plugins=config,http, or let -Drr.autoAdd do it"))
        .isEqualTo("add it to --plugins: --plugins=config,http, or let --auto-add do it");
    assertThat(ToolOptions.inFlags("rr.lock: dev.rr.plugins differs; mvn rr:lock takes it over"))
        .isEqualTo("rr.lock: dev.rr.plugins differs; rr-build --lock takes it over");
  }

  @Test
  void aMistakeIsOneSentenceAndExitCodeOne() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit =
        BuildTool.run(
            List.of(
                "--repository=nothing",
                "--folder=" + folder,
                "--settings=none.xml",
                "--local=" + folder.resolve("repository")),
            System.out,
            err);
    assertThat(exit).isOne();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            "rr-build: --repository: nothing is not of the form ID=URL\n");
  }
}
