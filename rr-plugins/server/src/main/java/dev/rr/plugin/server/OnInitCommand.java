package dev.rr.plugin.server;

import dev.rr.api.log.Log;
import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessGroup;
import dev.rr.process.ProcessStarter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs {@code server.on_init} once and logs what it says, on the thread that starts the server. */
final class OnInitCommand {
  private static final int CHUNK = 8 * 1024;

  /** How long what it says may wait for its place in the log. */
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

  private final ProcessCommand command;
  private final Duration timeout;
  private final boolean exitOnError;
  private final Log log;

  OnInitCommand(ProcessCommand command, ServerConfig.OnInit config, Log log) {
    this.command = command;
    this.timeout = config.execTimeout();
    this.exitOnError = config.exitOnError();
    this.log = log;
  }

  /**
   * Runs it to its end or its timeout.
   *
   * @throws IOException when it failed and {@code exit_on_error} is set
   */
  void run() throws IOException, InterruptedException {
    Process process;
    try {
      process = ProcessStarter.prepare(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      failed("server.on_init: " + command.text() + " could not be started: " + e.getMessage());
      return;
    }
    process.getOutputStream().close();
    boolean over = await(process);
    if (!over) {
      failed("startup process has been killed by timeout");
    } else if (process.exitValue() != 0) {
      failed("server.on_init: " + command.text() + " ended with code " + process.exitValue());
    }
  }

  /** Logs what it says until its end, or kills it; whether it ended by itself. */
  private boolean await(Process process) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    try (InputStream out = process.getInputStream()) {
      boolean over = false;
      while (!over && System.nanoTime() - begun < timeout.toNanos()) {
        over = process.waitFor(LOOK_NANOS, TimeUnit.NANOSECONDS);
        // Looked at after the end, the pipe has all of it. Waiting for the pipe's own end would be
        // waiting for whatever was left running in the background.
        log(out);
      }
      if (!over) {
        ProcessGroup.kill(process);
        process.waitFor();
        log(out);
      }
      return over;
    }
  }

  /** Logs what is there to be read. */
  private void log(InputStream out) throws IOException {
    byte[] buffer = new byte[CHUNK];
    while (out.available() > 0) {
      int got = out.read(buffer);
      String text = new String(buffer, 0, Math.max(0, got), StandardCharsets.UTF_8).stripTrailing();
      if (!text.isBlank()) {
        log.info(text, "command", "on_init");
      }
    }
  }

  private void failed(String why) throws IOException {
    if (exitOnError) {
      throw new IOException(why);
    }
    log.error("on_init was finished with errors", "error", why);
  }
}
