package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.testing.plugin.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what a log call costs its caller: an access log's record into a file, at 40,000 lines a
 * second, once with a writer thread and once written by the caller. Run its main.
 */
final class LogCallBenchmark {
  private static final int LINES = 200_000;
  private static final long GAP_NANOS = 25_000;

  private LogCallBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("rr-log-benchmark");
    for (int round = 0; round < 3; round++) {
      System.out.printf(Locale.ROOT, "writer thread %.0f ns a call%n", nanos(folder, true));
      System.out.printf(Locale.ROOT, "caller writes %.0f ns a call%n", nanos(folder, false));
    }
    Files.deleteIfExists(folder.resolve("a.log"));
    Files.delete(folder);
  }

  private static double nanos(Path folder, boolean threaded) throws IOException {
    ChannelConfig channel = Channels.to("a.log").mode(Mode.PRODUCTION).build();
    LoggerPlugin plugin =
        new LoggerPlugin(
            LoggerConfig.of(channel, Map.of()), new FakeHost(folder, Map.of("NO_COLOR", "1")));
    if (threaded) {
      plugin.start();
    }
    Log log = plugin.named("http");
    long spent = 0;
    long due = System.nanoTime();
    for (int i = 0; i < LINES; i++) {
      due += GAP_NANOS;
      while (System.nanoTime() - due < 0) {
        Thread.onSpinWait();
      }
      long begin = System.nanoTime();
      log.info(
          "http log",
          "status",
          200,
          "method",
          "GET",
          "URI",
          "/hello?x=1",
          "remote_address",
          "127.0.0.1:50312",
          "read_bytes",
          0L,
          "write_bytes",
          13L,
          "start",
          "2026-11-25T03:00:00Z",
          "elapsed",
          3);
      spent += System.nanoTime() - begin;
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    return spent / (double) LINES;
  }
}
