package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Versions;
import dev.rr.build.archive.Archive;
import dev.rr.build.select.DescriptorReader;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.Graph;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a module of one plugin, with the processors and the template of the test's class path. */
class DevLoopTest {
  private static final List<Path> CLASS_PATH =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .map(Path::of)
          .filter(Files::exists)
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
  private static final String PLUGIN =
      """
      package sample;

      import dev.rr.annotation.Plugin;

      /** Nothing. */
      @Plugin("hello")
      final class HelloPlugin {}
      """;

  @TempDir Path folder;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  @Test
  void itRunsTellsWhatIsWrongAndRunsAgain() throws Exception {
    Path source = Files.createDirectories(folder.resolve("sources/sample"));
    source = Files.writeString(source.resolve("HelloPlugin.java"), PLUGIN);
    try (DevLoop loop = loop()) {
      Thread thread = new Thread(() -> run(loop), "test-run");
      thread.start();
      assertThat(next()).startsWith("rr runs, with hello; ");
      // There is no server to stop.
      assertThat(next()).startsWith("rr ended with 1");
      Files.writeString(source, PLUGIN.replace("final class", "final clas"));
      assertThat(next()).contains("HelloPlugin.java:7: error: ");
      assertThat(next()).startsWith("The server of before goes on");
      Files.writeString(source, PLUGIN.replace("\"hello\"", "\"goodbye\""));
      assertThat(next()).startsWith("rr runs again, with goodbye; ");
      thread.interrupt();
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private String next() throws Exception {
    String line = said.poll(60, TimeUnit.SECONDS);
    return line == null ? "nothing was said for a minute" : line;
  }

  private void run(DevLoop loop) {
    try {
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      said.add(e.toString());
    }
  }

  private DevLoop loop() throws Exception {
    DevSettings settings =
        new DevSettings(
            folder,
            folder.resolve("work"),
            Path.of(System.getProperty("java.home")),
            new Versions("0.1", "2"),
            "1.2.3",
            CLASS_PATH,
            List.of(),
            // Ends at once and says so on standard error: standard output is the test runner's.
            List.of("stop"));
    DevModule module =
        new DevModule(
            new Coordinates("com.example", "hello", "1"),
            List.of(folder.resolve("sources")),
            List.of(),
            CLASS_PATH,
            CLASS_PATH,
            List.of("--release", "25"));
    return new DevLoop(settings, module, DevLoopTest::select, said::add, said::add);
  }

  private static Selection select(Path classes) {
    try {
      Input own = new Input(new Coordinates("com.example", "hello", "1"), classes);
      List<Input> inputs = new ArrayList<>(List.of(own));
      for (Path file : CLASS_PATH) {
        try (Archive archive = Archive.open(file)) {
          if (archive.entries().stream().anyMatch(e -> AT_RUN_TIME.contains(e.name()))) {
            inputs.add(new Input(new Coordinates("g", "input-" + inputs.size(), "1"), file));
          }
        }
      }
      Graph graph = new Graph(DescriptorReader.read(own, new ArrayList<>()));
      return new Selection(graph, List.of(), inputs, List.of(), List.of());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
