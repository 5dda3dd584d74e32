package dev.rr.build.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposerLockTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("composer.lock");
  }

  private List<ComposerPackage> read(String text) throws Exception {
    Files.writeString(file, text);
    return ComposerLock.read(file, "acme/check"::equals);
  }

  @Test
  void packagesAreSortedAndThoseForDevelopmentAreThereWhereTheyAreInstalled() throws Exception {
    assertThat(
            read(
                """
                {"content-hash": "1", "packages": [
                  {"name": "psr/log", "version": "3.0.0", "license": ["MIT", "Apache-2.0"],
                   "require": {"php": ">=8", "ext-json": "*"}},
                  {"name": "acme/lib", "version": "1.0.0", "license": "MIT"}
                ], "packages-dev": [
                  {"name": "acme/check", "version": "2.0.0", "require": []},
                  {"name": "acme/away", "version": "2.0.0"}
                ], "platform": []}
                """))
        .containsExactly(
            new ComposerPackage("acme/check", "2.0.0", List.of(), true, List.of()),
            new ComposerPackage("acme/lib", "1.0.0", List.of("MIT"), false, List.of()),
            new ComposerPackage(
                "psr/log",
                "3.0.0",
                List.of("MIT", "Apache-2.0"),
                false,
                List.of("ext-json", "php")));
  }

  @Test
  void whereThereIsNoneThereAreNoPackages() throws Exception {
    assertThat(ComposerLock.read(file, name -> true)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                                             | it is no JSON object
          []                                                             | it is no JSON object
          {"packages": [                                                 | End of input
          {}                                                             | it has no list packages
          {"packages": [], "packages-dev": {}}                           | it has no list packages-dev
          {"packages": [1]}                                              | packages[0] is no object
          {"packages": [{"version": "1"}]}                               | packages[0] has no name
          {"packages": [{"name": "a/b"}]}                                | packages[0] has no version
          {"packages": [{"name": "b", "version": "1"}]}                  | the name of packages[0] is "b", not VENDOR/PACKAGE
          {"packages": [{"name": "a/b\\u001b[1m", "version": "1"}]}     | the name of packages[0] is "a/b\\u001b[1m", not
          {"packages": [{"name": "a/..", "version": "1"}]}               | not VENDOR/PACKAGE
          {"packages": [{"name": "a/b", "version": "\\ud800"}]}          | it has half a character, as \\ud800
          {"packages": [{"name": "a/b", "version": "1", "license": {}}]} | packages[0] has a license that is no list of names
          {"packages": [{"name": "a/b", "version": "1"}, {"name": "A/b", "version": "2"}]} | it names A/b twice
          """)
  void oneThatCannotBeReadIsAnErrorThatNamesItAndSaysWhy(String text, String why) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith(file + " cannot be read: ")
        .hasMessageContaining(why);
  }

  @Test
  void oneThatIsNoTextOrNoFileIsNamedToo() throws Exception {
    Files.write(file, "{\"packages\": \"ü\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ComposerLock.read(file, name -> true))
        .isInstanceOf(BuildException.class)
        .hasMessage(file + " cannot be read: it is no text in UTF-8");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("gone"));
    assertThatThrownBy(() -> ComposerLock.read(file, name -> true))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith(file + " cannot be read: ");
  }
}
