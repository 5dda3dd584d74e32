package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvn rr:run} in the folder of a plugin's author. */
class DevRunTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String PLUGIN =
      """
      package com.example.greeter;

      import dev.rr.annotation.Plugin;
      import dev.rr.api.log.Log;
      import dev.rr.api.log.Loggers;
      import dev.rr.api.plugin.Deadline;
      import dev.rr.api.plugin.Lifecycle;

      /** Says something at the start. */
      @Plugin("greeter")
      final class GreeterPlugin implements Lifecycle {
        private final Log log;

        GreeterPlugin(Loggers loggers) {
          this.log = loggers.named("greeter");
        }

        @Override
        public void start() {
          log.info(Text.now());
        }

        @Override
        public void stop(Deadline deadline) {
          log.info("greeter stops");
        }
      }
      """;
  private static final String TEXT =
      """
      package com.example.greeter;

      final class Text {
        static String now() {
          return "greeting one";
        }
      }
      """;

  @TempDir Path folder;
  private Path sources = Path.of("unset");
  private Path said = Path.of("unset");
  private Process maven;

  @BeforeEach
  void start() throws Exception {
    sources = Files.createDirectories(folder.resolve("src/main/java/com/example/greeter"));
    Files.writeString(sources.resolve("GreeterPlugin.java"), PLUGIN);
    Files.writeString(sources.resolve("Text.java"), TEXT);
    Files.writeString(folder.resolve(".rr.yaml"), "version: \"3\"\n");
    Files.writeString(
        folder.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>greeter</artifactId>
          <version>1</version>
          <dependencies>
            <dependency>
              <groupId>dev.rr</groupId>
              <artifactId>rr-api</artifactId>
              <version>%1$s</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <groupId>dev.rr</groupId>
                <artifactId>rr-maven-plugin</artifactId>
                <version>%1$s</version>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(System.getProperty("rr.it.version")));
    said = folder.resolve("said.log");
    maven =
        new ProcessBuilder(MavenCommand.line("rr:run"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    List<ProcessHandle> all = maven.descendants().toList();
    maven.destroy();
    if (!maven.waitFor(60, TimeUnit.SECONDS)) {
      maven.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aPluginRunsAndRunsAgainWhenItChanges() throws Exception {
    await("greeting one");
    // Only a body: no processor runs, and the component stays.
    long changed = System.nanoTime();
    Files.writeString(sources.resolve("Text.java"), TEXT.replace("one", "number two"));
    await("greeting number two");
    System.out.printf("again after %d ms%n", (System.nanoTime() - changed) / 1_000_000);
    assertThat(text()).contains("greeter stops");

    Files.writeString(sources.resolve("Text.java"), TEXT.replace("String now", "Strin now"));
    await("Text.java:4: error: cannot find symbol");
    await("The server of before goes on");

    Files.writeString(sources.resolve("Text.java"), TEXT);
    Files.writeString(
        sources.resolve("GreeterPlugin.java"),
        PLUGIN.replace("GreeterPlugin(Loggers loggers)", "GreeterPlugin(Loggers loggers, Shop s)"));
    Files.writeString(
        sources.resolve("Shop.java"),
        "package com.example.greeter;\n@dev.rr.annotation.Contract public interface Shop {}\n");
    await("GreeterPlugin.java:14: greeter needs com.example.greeter.Shop");
  }

  private String text() throws IOException {
    return Files.readString(said);
  }

  private void await(String text) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!text().contains(text)) {
      assertThat(maven.isAlive() && System.nanoTime() < end)
          .as("awaiting \"%s\", said was:%n%s", text, text())
          .isTrue();
      // A file tells nobody that it has grown.
      Thread.sleep(20);
    }
  }
}
