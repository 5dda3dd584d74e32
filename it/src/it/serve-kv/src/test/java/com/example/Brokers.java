package com.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Servers that storages are kept on. They are dialed until they are there. */
final class Brokers {
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();

  /** None yet; their files are in {@code folder}. */
  Brokers(Path folder) {
    this.folder = folder;
  }

  void redis(int port) throws IOException {
    start("redis-server --save '' --bind 127.0.0.1 --port " + port);
  }

  /** Memory is in megabytes. */
  void memcached(int port, int memory) throws IOException {
    start("memcached -u root -m " + memory + " -l 127.0.0.1 -p " + port);
  }

  private void start(String command) throws IOException {
    processes.add(
        new ProcessBuilder("sh", "-c", "exec " + command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  void stop() throws InterruptedException {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
