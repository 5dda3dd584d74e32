package com.example;

import com.example.Losses.Kill;
import dev.rr.it.RrServer;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** Kills workers, and has them replaced, added and removed. One thread at a time. */
final class Disturbance {
  private static final int MOST_ADDED = 3;

  private final RrServer server;
  private final RpcClient rpc;
  private final SplittableRandom random;
  private final Outcomes outcomes;
  private int added;

  Disturbance(RrServer server, RpcClient rpc, SplittableRandom random, Outcomes outcomes) {
    this.server = server;
    this.rpc = rpc;
    this.random = random;
    this.outcomes = outcomes;
  }

  void next() throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> call("resetter.Reset");
      case 1 -> restartService();
      case 5 -> killService();
      case 2, 3, 4 -> scale();
      default -> kill();
    }
  }

  private void kill() {
    List<ProcessHandle> workers = server.workers();
    if (workers.isEmpty()) {
      return;
    }
    ProcessHandle worker = workers.get(random.nextInt(workers.size()));
    long from = System.nanoTime();
    worker.destroyForcibly();
    RrServer.await("a killed worker to be gone", () -> !worker.isAlive());
    outcomes.killed(new Kill(from, System.nanoTime()));
  }

  private void scale() throws IOException {
    if (added == 0 || added < MOST_ADDED && random.nextBoolean()) {
      call("informer.AddWorker");
      added++;
    } else {
      remove();
    }
  }

  private void remove() throws IOException {
    call("informer.RemoveWorker");
    added--;
  }

  private void call(String method) throws IOException {
    rpc.call(method, "\"http\"");
    outcomes.count(method);
  }

  private void restartService() throws IOException {
    rpc.call("service.Restart", "{\"name\":\"sleeper\"}");
    outcomes.count("service.Restart");
  }

  /** It starts again by itself. */
  private void killService() {
    server
        .process()
        .descendants()
        .filter(Disturbance::isService)
        .findAny()
        .ifPresent(service -> {
          service.destroyForcibly();
          outcomes.count("killed services");
        });
  }

  private static boolean isService(ProcessHandle process) {
    return process.info().commandLine().orElse("").endsWith("sleep 86400");
  }

  /** Back to as many workers as there were, and to services that wait for no restart. */
  void undo() throws IOException {
    restartService();
    while (added > 0) {
      remove();
    }
  }
}
