package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleCompilerTest {
  private static final String GREETING =
      """
      package sample;
      class Greeting {
        static final int TIMES = 1;
        String text() { return "one"; }
      }
      """;
  private static final String USER =
      """
      package sample;
      class User {
        int times() { return Greeting.TIMES; }
        String text() { return new Greeting().text(); }
      }
      """;

  @TempDir private static Path requests;
  private static ResidentCompiler resident =
      new ResidentCompiler(Path.of("unset"), Path.of("unset"));

  @TempDir Path folder;
  private final FileTime old = FileTime.fromMillis(1_000_000);
  private Path sources = Path.of("unset");
  private Path resources = Path.of("unset");
  private @Nullable ModuleCompiler compiler;

  private ModuleCompiler compiler() {
    DevModule sample =
        new DevModule(
            new Coordinates("com.example", "sample", "1"),
            List.of(sources),
            List.of(resources),
            List.of(),
            List.of(),
            List.of("--release", "25"));
    return new ModuleCompiler(sample, resident, folder.resolve("work"));
  }

  /** One for all, as it is one for all turns of a loop; its start takes most of the time. */
  @BeforeAll
  static void start() {
    resident = new ResidentCompiler(Path.of(System.getProperty("java.home")), requests);
  }

  @AfterAll
  static void stop() throws Exception {
    resident.close();
  }

  @BeforeEach
  void write() throws Exception {
    sources = folder.resolve("sources");
    Files.createDirectories(sources.resolve("sample"));
    resources = Files.createDirectories(folder.resolve("resources"));
    compiler = compiler();
    source("Greeting", GREETING);
    source("User", USER);
    Files.writeString(resources.resolve("text.txt"), "before");
  }

  private ModuleCompiler module() {
    return Objects.requireNonNull(compiler);
  }

  private void source(String name, String text) throws Exception {
    Files.writeString(sources.resolve("sample/" + name + ".java"), text);
  }

  private Path compile() throws Exception {
    return module().compile(Snapshot.of(List.of(sources, resources)));
  }

  /** Makes a class recognisable that is only copied. */
  private static void age(Path classes, FileTime time) throws Exception {
    for (Path file : Snapshot.of(List.of(classes)).ending(".class")) {
      Files.setLastModifiedTime(file, time);
    }
  }

  @Test
  void whereOnlyABodyChangedOnlyItsFileIsCompiled() throws Exception {
    Path before = compile();
    age(before, old);
    source("Greeting", GREETING.replace("\"one\"", "\"another\""));
    Path after = compile();
    assertThat(after).isNotEqualTo(before);
    assertThat(Files.getLastModifiedTime(after.resolve("sample/User.class"))).isEqualTo(old);
    assertThat(Files.getLastModifiedTime(after.resolve("sample/Greeting.class")))
        .isGreaterThan(old);
    // A server may still load from it.
    assertThat(before.resolve("sample/Greeting.class")).exists();
  }

  @Test
  void whereAConstantChangedItsUsersAreCompiledToo() throws Exception {
    age(compile(), old);
    source("Greeting", GREETING.replace("TIMES = 1", "TIMES = 22"));
    Path after = compile();
    assertThat(Files.getLastModifiedTime(after.resolve("sample/User.class"))).isGreaterThan(old);
  }

  @Test
  void aClassThatIsGoneIsGone() throws Exception {
    compile();
    Files.delete(sources.resolve("sample/User.java"));
    Path after = compile();
    assertThat(after.resolve("sample/User.class")).doesNotExist();
    assertThat(after.resolve("sample/Greeting.class")).exists();
  }

  @Test
  void aResourceAloneCompilesNothing() throws Exception {
    age(compile(), old);
    Files.writeString(resources.resolve("text.txt"), "and after");
    Path after = compile();
    assertThat(after.resolve("text.txt")).hasContent("and after");
    assertThat(Files.getLastModifiedTime(after.resolve("sample/User.class"))).isEqualTo(old);
  }

  @Test
  void nothingChangedNothingIsDone() throws Exception {
    assertThat(compile()).isEqualTo(compile());
  }

  @Test
  void whatDoesNotCompileIsToldWithItsLineAndThenMended() throws Exception {
    Path before = compile();
    source("User", USER.replace("Greeting().text()", "Greeting().test()"));
    assertThatThrownBy(this::compile)
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("User.java:4: error: cannot find symbol")
        .hasMessageContaining("test()");
    assertThat(module().last()).contains(before);
    source("User", USER);
    assertThat(compile().resolve("sample/User.class")).exists();
  }
}
