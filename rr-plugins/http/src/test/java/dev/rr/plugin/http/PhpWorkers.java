package dev.rr.plugin.http;

import dev.rr.api.log.Log;
import dev.rr.api.worker.PoolConfig;
import dev.rr.pool.PipeLauncher;
import dev.rr.pool.WorkerPool;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.PhpWorkerScript;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Real PHP workers, whose scripts are resources. */
final class PhpWorkers {
  private PhpWorkers() {}

  /** A pool of workers that run the resource {@code script}, which is put in {@code folder}. */
  static WorkerPool pool(Path folder, String script, PoolConfig config) throws IOException {
    Path file = PhpWorkerScript.put(folder, PhpWorkers.class, script);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", "pipes");
    environment.put("RR_MODE", "http");
    ProcessCommand command =
        new ProcessCommand(
            // Debian's protobuf library prints deprecation notices where the pipe to us would be.
            List.of("php", "-d", "display_errors=stderr", file.toString()),
            environment,
            folder,
            Optional.empty());
    return new WorkerPool(
        "http", config, () -> new PipeLauncher(command), new RecordingLog(), Log.NONE);
  }
}
