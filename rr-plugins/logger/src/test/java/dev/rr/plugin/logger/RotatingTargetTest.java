package dev.rr.plugin.logger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatingTargetTest {
  @TempDir Path folder = Path.of("");
  private final List<String> complaints = new ArrayList<>();
  private final Clock clock = Clock.fixed(Instant.parse("2026-01-10T00:00:00Z"), ZoneOffset.UTC);

  private LogArchive archive(int backups, boolean compress) {
    return new LogArchive(
        folder.resolve("logs/rr.log"),
        Duration.ofDays(5),
        backups,
        compress,
        clock,
        complaints::add);
  }

  private void write(RotatingTarget target, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    target.write(bytes, bytes.length);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void beginsANewFileBeforeALineWouldNotFitAndNeverSplitsOne() throws Exception {
    LogArchive archive = archive(10, false);
    RotatingTarget target = new RotatingTarget(folder.resolve("logs/rr.log"), 10, clock, archive);
    target.open();
    write(target, "aaaa\nbbbb\ncccc\n");
    write(target, "a line longer than the limit\ndd\n");
    target.close();
    archive.await(Duration.ofSeconds(10));
    assertThat(names())
        .containsExactly(
            "rr-2026-01-10T00-00-00.000.log",
            "rr-2026-01-10T00-00-00.001.log",
            "rr-2026-01-10T00-00-00.002.log",
            "rr.log");
    assertThat(folder.resolve("logs/rr-2026-01-10T00-00-00.000.log")).hasContent("aaaa\nbbbb\n");
    assertThat(folder.resolve("logs/rr-2026-01-10T00-00-00.001.log")).hasContent("cccc\n");
    assertThat(folder.resolve("logs/rr.log")).hasContent("dd\n");
  }

  @Test
  void addsToAFileThatIsThereAndCountsIt() throws Exception {
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("logs/rr.log"), "12345678\n");
    LogArchive archive = archive(10, false);
    RotatingTarget target = new RotatingTarget(folder.resolve("logs/rr.log"), 10, clock, archive);
    target.open();
    write(target, "ab\n");
    target.close();
    archive.await(Duration.ofSeconds(10));
    assertThat(folder.resolve("logs/rr.log")).hasContent("ab\n");
  }

  @Test
  void compressesAndRemovesOldFilesByCountAndAgeButLeavesOthersAlone() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(logs.resolve("rr-2026-01-09T00-00-00.000.log"), "newest\n");
    Files.writeString(logs.resolve("rr-2026-01-08T00-00-00.000.log.gz"), "");
    Files.writeString(logs.resolve("rr-2026-01-07T00-00-00.000.log"), "one too many\n");
    Files.writeString(logs.resolve("rr-2025-12-01T00-00-00.000.log"), "too old\n");
    Files.writeString(logs.resolve("rr-notes.log"), "not ours\n");
    LogArchive archive = archive(2, true);
    archive.tidy();
    archive.await(Duration.ofSeconds(10));
    assertThat(names())
        .containsExactly(
            "rr-2026-01-08T00-00-00.000.log.gz",
            "rr-2026-01-09T00-00-00.000.log.gz",
            "rr-notes.log");
    try (GZIPInputStream in =
        new GZIPInputStream(
            Files.newInputStream(logs.resolve("rr-2026-01-09T00-00-00.000.log.gz")))) {
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("newest\n");
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void noStrangerReadsAFileOrWhatBecomesOfIt() throws Exception {
    LogArchive archive = archive(10, true);
    RotatingTarget target = new RotatingTarget(folder.resolve("logs/rr.log"), 10, clock, archive);
    target.open();
    write(target, "aaaa\nbbbb\ncccc\n");
    target.close();
    archive.await(Duration.ofSeconds(10));
    try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
      assertThat(files)
          .hasSize(2)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .endsWith("---"));
    }
  }

  @Test
  void aFolderThatIsGoneIsAComplaintNotACrash() throws Exception {
    LogArchive archive = archive(2, true);
    archive.tidy();
    archive.await(Duration.ofSeconds(10));
    assertThat(complaints).singleElement().asString().contains("are not looked after");
  }
}
