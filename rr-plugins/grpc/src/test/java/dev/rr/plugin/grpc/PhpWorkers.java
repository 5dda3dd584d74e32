package dev.rr.plugin.grpc;

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

/** Pools of PHP. */
final class PhpWorkers {
  private PhpWorkers() {}

  /** Of a script among the test's resources. */
  static WorkerPool pool(Path folder, PoolConfig config, String script) throws IOException {
    Path unused = PhpWorkerScript.put(folder, PhpWorkers.class, "stream.php");
    Path worker = PhpWorkerScript.put(folder, PhpWorkers.class, script);
    return pool(folder, config, List.of("php", "-n", worker.toString()));
  }

  static WorkerPool pool(Path folder, PoolConfig config, List<String> command) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", "pipes");
    environment.put("RR_MODE", "grpc");
    ProcessCommand process = new ProcessCommand(command, environment, folder, Optional.empty());
    return new WorkerPool(
        "grpc", config, () -> new PipeLauncher(process), new RecordingLog(), Log.NONE);
  }
}
