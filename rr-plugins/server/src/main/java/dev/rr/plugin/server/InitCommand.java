package dev.rr.plugin.server;

import dev.rr.api.log.Log;
import dev.rr.pool.ProcessGroup;
import dev.rr.pool.ProcessStarter;
import dev.rr.pool.WorkerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs {@code server.on_init} once and logs what it says. One thread reads its output. */
final class InitCommand {
  private static final int CHUNK = 8 * 1024;

  private final WorkerCommand command;
  private final Duration timeout;
  private final boolean exitOnError;
  private final Log log;

  InitCommand(WorkerCommand command, ServerConfig.OnInit config, Log log) {
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
    Thread reader =
        Thread.ofPlatform().daemon().name("rr-server-on-init").start(() -> read(process));
    boolean over = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (!over) {
      ProcessGroup.kill(process);
      process.waitFor();
    }
    // What it left running in the background may go on, without a place in our log.
    reader.join(1_000);
    if (!over) {
      failed("startup process has been killed by timeout");
    } else if (process.exitValue() != 0) {
      failed("server.on_init: " + command.text() + " ended with code " + process.exitValue());
    }
  }

  private void failed(String why) throws IOException {
    if (exitOnError) {
      throw new IOException(why);
    }
    log.error("on_init was finished with errors", "error", why);
  }

  private void read(Process process) {
    byte[] buffer = new byte[CHUNK];
    try (InputStream out = process.getInputStream()) {
      int got;
      while ((got = out.read(buffer)) >= 0) {
        String text = new String(buffer, 0, got, StandardCharsets.UTF_8).stripTrailing();
        if (!text.isBlank()) {
          log.info(text, "command", "on_init");
        }
      }
    } catch (IOException closed) {
      // It was killed.
    }
  }
}
