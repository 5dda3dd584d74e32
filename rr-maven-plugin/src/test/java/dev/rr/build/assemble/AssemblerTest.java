package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import dev.rr.build.Timer;
import dev.rr.build.Versions;
import dev.rr.build.archive.Archive;
import dev.rr.build.lock.Lock;
import dev.rr.build.lock.UpToDate;
import dev.rr.build.select.Selection;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.Graph;
import dev.rr.processor.root.SelectedPlugin;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assembles a server from the template and a plugin whose module is written by hand. */
class AssemblerTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final List<Path> CLASS_PATH =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .map(Path::of)
          .toList();
  private static final Set<String> AT_RUN_TIME =
      Set.of(
          "dev/rr/annotation/Plugin.class",
          "dev/rr/api/plugin/Host.class",
          "dev/rr/cli/Cli.class",
          "dev/rr/goridge/package-info.class",
          "dev/rr/json/package-info.class",
          "dagger/Module.class",
          "jakarta/inject/Inject.class",
          "javax/inject/Inject.class");
  private static final String MODULE =
      """
      package sample.hello;

      import dagger.Module;
      import dagger.Provides;
      import dagger.multibindings.IntoMap;
      import dagger.multibindings.StringKey;
      import java.util.List;

      @Module
      public final class HelloPluginModule {
        @Provides @IntoMap @StringKey("hello")
        static Object asPlugin() { return "hello"; }

        public static List<dev.rr.api.config.Schema> schemas() { return List.of(); }
      }
      """;

  @TempDir Path folder;
  private final TimeZone zone = TimeZone.getDefault();
  private List<Input> inputs = List.of();

  @BeforeEach
  void compilePlugin() throws Exception {
    Path classes = compile("hello", MODULE);
    Path descriptor = classes.resolve(Descriptors.path("hello"));
    Files.createDirectories(descriptor.getParent());
    Files.writeString(descriptor, Descriptors.toJson(Samples.plugin("hello").descriptor()));
    List<Input> all = new ArrayList<>();
    all.add(new Input(Samples.plugin("hello").coordinates(), classes));
    for (Path file : CLASS_PATH) {
      if (isAtRunTime(file)) {
        all.add(new Input(new Coordinates("g", "input-" + all.size(), "1"), file));
      }
    }
    inputs = all.stream().sorted((a, b) -> a.coordinates().compareTo(b.coordinates())).toList();
  }

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(zone);
  }

  /**
   * The template and what it needs; the rest of the class path belongs to the test and to Dagger's
   * compiler.
   */
  private static boolean isAtRunTime(Path file) throws Exception {
    try (Archive archive = Archive.open(file)) {
      return archive.entries().stream().anyMatch(e -> AT_RUN_TIME.contains(e.name()));
    }
  }

  private Path compile(String name, String source) throws Exception {
    Path sources = folder.resolve(name + "/sources");
    Path classes = Files.createDirectories(folder.resolve(name + "/classes"));
    Files.createDirectories(sources);
    Files.writeString(sources.resolve("HelloPluginModule.java"), source);
    new Javac(JDK, CLASS_PATH).compile(sources, classes, CLASS_PATH);
    return classes;
  }

  private Selection selection() {
    SelectedPlugin member = Samples.plugin("hello").member();
    return new Selection(
        new Graph(List.of(member)),
        List.of(CatalogueEntry.of(member, "")),
        inputs,
        List.of(),
        List.of());
  }

  private Lock lock(String version) throws Exception {
    return Lock.of(selection(), Optional.empty(), version, new Versions("0.1", "2"));
  }

  private String assemble(Path output, boolean prove) throws Exception {
    return assemble(output, prove, folder.resolve("work-" + System.nanoTime()));
  }

  private String assemble(Path output, boolean prove, Path work) throws Exception {
    return new Assembler(JDK, CLASS_PATH, Optional.empty(), new Timer())
        .assemble(selection(), lock("1.2.3"), output, work, prove);
  }

  @Test
  void theFileRunsAndTellsItsVersion() throws Exception {
    Path output = folder.resolve("made/for/this/rr");
    assertThat(assemble(output, false)).contains("1.2.3");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rwxr-xr-x");
    try (Stream<Path> left = Files.list(output.getParent())) {
      assertThat(left).containsExactly(output);
    }
  }

  @Test
  void aVersionOfTwoLinesIsRefused() throws Exception {
    Assembler assembler = new Assembler(JDK, CLASS_PATH, Optional.empty(), new Timer());
    Lock lock = lock("1.2\n3");
    assertThatThrownBy(() ->
            assembler.assemble(
                selection(), lock, folder.resolve("rr"), folder.resolve("work"), false))
        .isInstanceOf(BuildException.class)
        .hasMessage("the file's version has a control character");
  }

  @Test
  void anotherFolderTimeZoneAndOrderGiveTheSameBytes() throws Exception {
    Path one = folder.resolve("one");
    Path other = folder.resolve("another folder/other");
    assemble(one, false);
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
    List<Input> reversed = new ArrayList<>(inputs);
    Collections.reverse(reversed);
    inputs =
        reversed.stream().sorted((a, b) -> a.coordinates().compareTo(b.coordinates())).toList();
    assemble(other, true, folder.resolve("other work"));
    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void anotherBuildIsNeededOnlyWhenWhatItTakesOrMadeHasChanged() throws Exception {
    Path output = folder.resolve("rr");
    Path work = folder.resolve("work");
    assertThat(upToDate("1.2.3", output, work).holds()).isFalse();
    assemble(output, false, work);
    upToDate("1.2.3", output, work).keep();
    assertThat(upToDate("1.2.3", output, work).holds()).isTrue();
    assertThat(upToDate("1.2.4", output, work).holds()).isFalse();
    Files.write(output, new byte[1], StandardOpenOption.APPEND);
    assertThat(upToDate("1.2.3", output, work).holds()).isFalse();
    upToDate("1.2.3", output, work).keep();
    assertThat(upToDate("1.2.3", output, work).holds()).isTrue();
    Files.writeString(folder.resolve("hello/classes/more.txt"), "more");
    assertThat(upToDate("1.2.3", output, work).holds()).isFalse();
  }

  private UpToDate upToDate(String version, Path output, Path work) throws Exception {
    return UpToDate.of(selection(), lock(version), JDK, output, work);
  }

  @Test
  void aFileThatDoesNotRunIsNotPutInPlace() throws Exception {
    Path output = Files.writeString(folder.resolve("rr"), "the good old one");
    Path broken =
        Samples.jar(
            folder.resolve("broken.jar"),
            Map.of(Packer.PREAMBLE, "#!/bin/sh\necho I am broken >&2\nexit 7\n"));
    List<Input> all = new ArrayList<>(inputs);
    all.add(0, new Input(new Coordinates("g", "broken", "1"), broken));
    inputs = all;
    assertThatThrownBy(() -> assemble(output, false))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("--version")
        .hasMessageContaining("ended with 7")
        .hasMessageContaining("I am broken");
    assertThat(output).hasContent("the good old one");
  }

  @Test
  void aComponentThatDoesNotCompileIsToldWithItsSources() throws Exception {
    inputs = inputs.stream().filter(i -> !i.coordinates().artifact().contains("hello")).toList();
    Path work = folder.resolve("kept");
    assertThatThrownBy(() -> assemble(folder.resolve("rr"), false, work))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("does not compile")
        .hasMessageContaining(work.resolve("sources").toString())
        .hasMessageContaining("HelloPluginModule");
  }
}
