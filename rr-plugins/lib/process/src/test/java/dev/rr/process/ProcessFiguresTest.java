package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProcessFiguresTest {
  @Test
  void memoryIsWhatTheSystemShows() throws Exception {
    String shown =
        Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    long kilobytes = Long.parseLong(shown.replaceAll("\\D", ""));

    long bytes = ProcessFigures.of(ProcessHandle.current().pid()).orElseThrow().residentBytes();
    assertThat(bytes).isCloseTo(kilobytes * 1024, within(50L << 20));
    assertThat(ProcessFigures.residentBytes(ProcessHandle.current().pid())).isPresent();
  }

  @Test
  void processorTimeIsToldByTimeSinceTheStart() {
    ProcessFigures figures = new ProcessFigures(0, Duration.ofSeconds(30));

    assertThat(figures.cpuPercent(Instant.now().minusSeconds(60))).isCloseTo(50, within(1.0));
    assertThat(figures.cpuPercent(Instant.now().plusSeconds(60))).isZero();
    assertThat(ProcessFigures.of(ProcessHandle.current().pid()).orElseThrow().cpuTime())
        .isPositive();
  }

  @Test
  void aProcessThatIsGoneHasNone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(ProcessFigures.of(process.pid())).isEmpty();
    assertThat(ProcessFigures.residentBytes(process.pid())).isEmpty();
    assertThat(ProcessFigures.cpuPercent(process)).isZero();
  }
}
