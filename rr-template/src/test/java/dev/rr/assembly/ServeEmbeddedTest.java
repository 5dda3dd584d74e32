package dev.rr.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with an application in their file, as processes that share the folder of folders. */
final class ServeEmbeddedTest {
  private static final Path OLD = Path.of("a".repeat(16));
  private static final Path NEW = Path.of("b".repeat(16));

  @TempDir Path folder;
  private Path base = Path.of("");
  private Path packed = Path.of("");

  @BeforeEach
  void write() throws Exception {
    base = folder.resolve("base");
    packed =
        Files.writeString(
            folder.resolve("rr"),
            """
            export _JAVA_SR_SIGNUM=40
            exec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \\
              "-Drr.file=$0" -cp "$CLASSES" %s "$@"
            """
                .formatted(System.getProperty("java.home"), RrMain.class.getName()));
    Path app = Files.createDirectory(folder.resolve("app"));
    Files.writeString(app.resolve(".rr.yaml"), "version: \"3\"\n");
    for (Path version : List.of(OLD, NEW)) {
      Path place = Files.createDirectories(folder.resolve(version).resolve("META-INF/rr"));
      Files.writeString(place.resolve("app.sha256"), version.toString().repeat(4));
      Process process =
          new ProcessBuilder("tar", "cf", place + "/app.tar", "--format=ustar", ".rr.yaml")
              .directory(app.toFile())
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isZero();
    }
  }

  private Run run(Path in, Path version, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("sh", packed.toString()));
    line.addAll(List.of(arguments));
    String classes =
        folder.resolve(version) + File.pathSeparator + System.getProperty("java.class.path");
    return Run.start(
        in,
        Map.of("RR_EMBED_DIR", base.toString(), "CLASSES", classes),
        line.toArray(String[]::new));
  }

  private Run serve(Path version) throws Exception {
    Run run = run(folder, version, "serve");
    run.awaitOut("server started");
    return run;
  }

  private void longAgo(Path version) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(30)));
    Files.setLastModifiedTime(base.resolve(version).resolve("used"), then);
  }

  @Test
  void aVersionThatAProcessUsesIsNotRemovedHoweverLongAgoThatBegan() throws Exception {
    try (Run old = serve(OLD)) {
      longAgo(OLD);
      try (Run young = serve(NEW)) {
        assertThat(base.resolve(OLD).resolve("app/.rr.yaml")).exists();
        old.signal("KILL");
        assertThat(old.code()).isNotZero();
        try (Run second = serve(NEW)) {
          assertThat(base.resolve(OLD)).doesNotExist();
          assertThat(base.resolve(NEW).resolve("app/.rr.yaml")).exists();
        }
        young.signal("TERM");
        assertThat(young.code()).isZero();
      }
    }
  }

  @Test
  void aServerThatStopsInGoodOrderLeavesItsVersionForAStepBack() throws Exception {
    try (Run old = serve(OLD)) {
      longAgo(OLD);
      old.signal("TERM");
      assertThat(old.code()).isZero();
    }
    try (Run young = serve(NEW)) {
      assertThat(base.resolve(OLD).resolve("app/.rr.yaml")).exists();
    }
  }

  @Test
  void aRestartKeepsTheVersionInUse() throws Exception {
    try (Run old = serve(OLD)) {
      old.signal("USR2");
      old.awaitOut("server started", 2);
      longAgo(OLD);
      try (Run young = serve(NEW)) {
        assertThat(base.resolve(OLD)).exists();
      }
    }
  }

  @Test
  void eachFolderThatOneFileIsStartedInHasItsOwnPidFile() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    try (Run first = run(one, NEW, "serve", "-p");
        Run second = run(two, NEW, "serve", "-p")) {
      first.awaitOut("server started");
      second.awaitOut("server started");
      assertThat(one.resolve(".pid")).hasContent(Long.toString(first.pid()));
      assertThat(two.resolve(".pid")).hasContent(Long.toString(second.pid()));
      assertThat(base.resolve(NEW).resolve("app/.pid")).doesNotExist();
      try (Run stop = run(one, NEW, "stop")) {
        assertThat(stop.code()).isZero();
      }
      assertThat(first.code()).isZero();
      assertThat(two.resolve(".pid")).hasContent(Long.toString(second.pid()));
    }
  }
}
