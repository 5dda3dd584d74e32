package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildAnywhereTest {
  private static final String GOAL =
      "dev.rr:rr-maven-plugin:" + System.getProperty("rr.it.version") + ":build";

  @TempDir Path folder;

  @Test
  void anEmptyFolderWithoutAPomIsEnough() throws Exception {
    Path file = folder.resolve("out/rr");
    ShellCommand.Result built =
        maven(folder, GOAL, "-Drr.plugins=config,logger,server,http", "-Drr.output=" + file).run();
    assertThat(built.exit()).as(built.text()).isZero();
    ShellCommand.Result asked = ShellCommand.in(folder, file.toString(), "--version").run();
    assertThat(asked.out()).as(asked.text()).startsWith("rr version ");
  }

  @Test
  void theFileGoesToTargetUnlessItIsSaid() throws Exception {
    ShellCommand.Result built = maven(folder, GOAL, "-Drr.plugins=config,logger").run();
    assertThat(built.exit()).as(built.text()).isZero();
    assertThat(folder.resolve("target/rr")).isExecutable();
  }

  @Test
  void twoCheckoutsGiveTheSameBytes() throws Exception {
    Path here = checkout("here", "config,logger,server,http,headers");
    Path there = checkout("a/very different/place", "headers,http,server,logger,config");
    assertBuilt(shell(here, "umask 022", "rr:build"));
    assertBuilt(
        shell(there, "umask 077", "rr:build")
            .with("TZ", "Pacific/Kiritimati")
            .with("USER", "somebody")
            .with("LC_ALL", "tr_TR.UTF-8"));
    assertThat(there.resolve("target/rr")).hasSameBinaryContentAs(here.resolve("target/rr"));
  }

  @Test
  void proveFindsNothingToComplainAbout() throws Exception {
    Path here = checkout("proven", "config,logger");
    assertBuilt(maven(here, "rr:build", "-Drr.prove"));
  }

  private Path checkout(String name, String plugins) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        place.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>checkout</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <properties>
            <rr.plugins>%s</rr.plugins>
          </properties>
          <build>
            <plugins>
              <plugin>
                <groupId>dev.rr</groupId>
                <artifactId>rr-maven-plugin</artifactId>
                <version>%s</version>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(plugins, System.getProperty("rr.it.version")));
    return place;
  }

  private static void assertBuilt(ShellCommand command) {
    ShellCommand.Result built = command.run();
    assertThat(built.exit()).as(built.text()).isZero();
  }

  private static ShellCommand shell(Path place, String before, String... arguments) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", before + " && exec \"$@\"", "sh"));
    line.addAll(maven(place, arguments).arguments());
    return new ShellCommand(place, line, Map.of());
  }

  /** Maven as it runs this very build: same repository, same settings. */
  private static ShellCommand maven(Path place, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "mvn",
                "-q",
                "-B",
                "-s",
                System.getProperty("rr.it.settings"),
                "-Dmaven.repo.local=" + System.getProperty("rr.it.repository")));
    line.addAll(List.of(arguments));
    return new ShellCommand(place, line, Map.of());
  }
}
