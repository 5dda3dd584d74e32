package dev.rr.plugin.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.Problems;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.config.Configuration;
import dev.rr.pool.PipeLauncher;
import dev.rr.pool.WorkerPool;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.PhpWorkerScript;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plugin with its section as YAML, on free ports of the loopback interface. */
final class TcpHarness implements AutoCloseable {
  private static final Pattern CONTEXT =
      Pattern.compile(
          "\\{\"remote_addr\":\"(.*)\",\"server\":\"(.*)\",\"uuid\":\"(.*)\",\"event\":\"(.*)\"}");

  final RecordingLog log;
  final TcpPlugin plugin;

  /** An event as a worker is told it. */
  record Told(String client, String server, String uuid, String event, String body) {
    static Told of(FakePool.Request request) {
      Matcher context = CONTEXT.matcher(request.context());
      if (!context.matches()) {
        throw new AssertionError("not what upstream tells: " + request.context());
      }
      return new Told(
          context.group(1), context.group(2), context.group(3), context.group(4), request.text());
    }

    /** The event, and what it brings. */
    String what() {
      return body.isEmpty() ? event : event + " " + body;
    }
  }

  private TcpHarness(Path folder, String section, Pool pool, RecordingLog log) throws IOException {
    this.log = log;
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\ntcp: " + section + "\n");
    Configuration configuration = Configuration.read(file);
    plugin =
        new TcpPlugin(
            configuration.bind(TcpConfigBinder.INSTANCE),
            configuration,
            new FakeServer(pool),
            new FakeHost(folder),
            name -> log);
  }

  /** Not started yet. */
  static TcpHarness of(Path folder, String section, Pool pool) throws IOException {
    return new TcpHarness(folder, section, pool, new RecordingLog());
  }

  /** One server, {@code main}, of which more keys may be given. */
  static TcpHarness main(Path folder, String more, Pool pool) throws Exception {
    return of(folder, "{servers: {main: {addr: \"127.0.0.1:0\"}}" + more + "}", pool).start();
  }

  TcpHarness start() throws Exception {
    Problems problems = new Problems();
    plugin.check(problems);
    problems.throwIfAny();
    plugin.start();
    return this;
  }

  int port(String server) {
    return ((InetSocketAddress) plugin.bound(server).getFirst()).getPort();
  }

  Client connect() throws IOException {
    return connect("main");
  }

  Client connect(String server) throws IOException {
    return new Client(port(server));
  }

  void stop(Duration grace) throws Exception {
    plugin.stop(Deadline.after(grace));
  }

  @Override
  public void close() throws Exception {
    stop(Duration.ofSeconds(10));
  }

  /** What workers of a pool were told so far. */
  static List<Told> told(FakePool pool) {
    return pool.requests().stream().map(Told::of).toList();
  }

  /** The same in words. */
  static List<String> events(FakePool pool) {
    return told(pool).stream().map(Told::what).toList();
  }

  /** Real PHP. */
  static WorkerPool php(Path folder, PoolConfig config) throws IOException {
    return php(
        config,
        folder,
        "php",
        "-n",
        PhpWorkerScript.put(folder, TcpHarness.class, "worker.php").toString());
  }

  static WorkerPool php(PoolConfig config, Path folder, String... command) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", "pipes");
    environment.put("RR_MODE", "tcp");
    ProcessCommand process =
        new ProcessCommand(List.of(command), environment, folder, Optional.empty());
    return new WorkerPool(
        "tcp", config, () -> new PipeLauncher(process), new RecordingLog(), Log.NONE);
  }

  /** The events that PHP was told, in the order in which it was: event and length of the body. */
  static List<String> events(Path folder) {
    try {
      return Files.readString(folder.resolve("events.log"), UTF_8)
          .lines()
          .map(line -> line.split(" ", -1))
          .map(words -> words[3].equals("0") ? words[0] : words[0] + " " + words[3])
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
