package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import dev.rr.testing.worker.ProcessCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mixed load while workers are killed, reset and scaled loses nothing but what killed workers had
 * in hand, and leaves nothing behind. It lasts {@code rr.soak.seconds}; the first quarter warms up.
 */
class SoakTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Duration TIME =
      Duration.ofSeconds(Long.parseLong(System.getProperty("rr.soak.seconds")));

  private static final int WORKERS = 4;
  private static final int SERVICES = 2;
  private static final int CLIENTS = 6;

  /** Files and sockets that the JDK opens when it first needs them. */
  private static final int MORE_DESCRIPTORS = 4;

  /** The JDK's own, which come and go: carriers, reapers of processes. */
  private static final int MORE_THREADS = 8;

  /** Caches that fill as long as something new comes: names of labels, classes, buffers. */
  private static final long MORE_HEAP = 2_000_000;

  /** The C library's arenas and compiled code, which come late under a light load. */
  private static final long MORE_RESIDENT = 64_000_000;

  private static final Pattern READY = Pattern.compile("\"status\":1\\b");

  @TempDir Path folder;
  private final int[] ports = IntStream.range(0, 5).map(i -> RrServer.freePort()).toArray();
  private final Outcomes outcomes = new Outcomes();
  private Path temporary;

  @Test
  void underLoadKillsResetsAndScalingNothingIsLostAndNothingStays() throws Exception {
    configure();
    ShellCommand serve =
        ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml")
            .with("RR_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    List<ProcessHandle> below;
    try (RrServer server = started(serve);
        RpcClient disturbing = new RpcClient(ports[2]);
        RpcClient operating = new RpcClient(ports[2])) {
      Load load = load(server, disturbing, operating);
      load.run(TIME.dividedBy(4));
      Footprint before = settled(server, operating);
      load.run(TIME.minus(TIME.dividedBy(4)));
      Footprint after = settled(server, operating);
      everyAnswerIsInTheAccessLog();
      String figures = outcomes + "\n" + after.since(before);
      System.out.println(figures);
      nothingIsLost(server);
      nothingStays(before, after, figures);
      below = server.process().descendants().toList();
      assertThat(server.stop()).as(server.log()).isZero();
      assertThat(server.log()).doesNotContainPattern("\n\tat ");
    }
    assertThat(below).extracting(ProcessHandle::pid).noneMatch(ProcessCheck::runs);
    assertThat(Footprint.names(temporary)).isEmpty();
  }

  private RrServer started(ShellCommand serve) throws IOException {
    RrServer server = RrServer.start(serve, ports[0]);
    try {
      for (int port : ports) {
        RrServer.await("port " + port, () -> accepts(port));
      }
      return server;
    } catch (IllegalStateException e) {
      server.close();
      throw e;
    }
  }

  private static boolean accepts(int port) {
    try (Connection connection = Connection.open(SocketFactory.getDefault(), port)) {
      return connection.usable();
    } catch (IOException e) {
      return false;
    }
  }

  private void nothingIsLost(RrServer server) throws IOException {
    assertThat(outcomes.faults()).as(server.log()).isEmpty();
    assertThat(outcomes.kills()).isNotEmpty();
    assertThat(Losses.unexplained(outcomes.losses(), outcomes.kills()))
        .as("lost without a kill: %s", outcomes)
        .isEmpty();
  }

  private void everyAnswerIsInTheAccessLog() throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("access.log"))) {
      assertThat(lines.filter(line -> line.contains("\"http log\"")).count())
          .isGreaterThanOrEqualTo(outcomes.counted("requests") - outcomes.losses().size());
    }
  }

  private static void nothingStays(Footprint before, Footprint after, String figures) {
    assertThat(Footprint.sum(after.descriptors()))
        .as(figures)
        .isLessThanOrEqualTo(Footprint.sum(before.descriptors()) + MORE_DESCRIPTORS);
    assertThat(Footprint.sum(after.threads()))
        .as(figures)
        .isLessThanOrEqualTo(Footprint.sum(before.threads()) + MORE_THREADS);
    assertThat(after.files()).as(figures).hasSameElementsAs(before.files());
    assertThat(after.heapBytes()).as(figures).isLessThanOrEqualTo(before.heapBytes() + MORE_HEAP);
    assertThat(after.resident()).as(figures).isLessThanOrEqualTo(before.resident() + MORE_RESIDENT);
  }

  private Load load(RrServer server, RpcClient disturbing, RpcClient operating) throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    SocketFactory tls = Tls.trusting(folder.resolve("k.crt"));
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean secret = i % 3 == 0;
      clients.add(
          new Client(
              secret ? tls : SocketFactory.getDefault(),
              secret ? ports[1] : ports[0],
              random.split(),
              outcomes));
    }
    return new Load(
        clients,
        new Disturbance(server, disturbing, random.split(), outcomes),
        new Operator(ports[3], ports[4], operating, outcomes),
        outcomes);
  }

  /**
   * What the server holds once it is at rest: every worker ready, no other process below it, no
   * connection of a client.
   */
  private Footprint settled(RrServer server, RpcClient rpc) throws IOException {
    RrServer.await("all workers to be ready", () -> ready(rpc) == WORKERS);
    RrServer.await(
        "no process but workers, services and the services' guard",
        () -> server.process().descendants().count() == WORKERS + SERVICES + 1);
    RrServer.await("no connection", () -> ServerSockets.connected(ports[0], ports[1]) == 0);
    return Footprint.of(server.process().pid(), temporary);
  }

  private static long ready(RpcClient rpc) {
    try {
      return READY.matcher(rpc.call("informer.Workers", "\"http\"")).results().count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
    Files.copy(Path.of("src/test/php/worker.php"), folder.resolve("worker.php"));
    Tls.makeKey(folder);
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server:
          command: "php worker.php"
          env: {RPC_CLIENT: "%s"}
        http:
          address: 127.0.0.1:%d
          ssl: {address: "127.0.0.1:%d", key: k.key, cert: k.crt}
          middleware: [http_metrics, headers, gzip]
          headers: {response: {X-Soak: "yes"}}
          pool: {num_workers: %d, max_jobs: 500, supervisor: {watch_tick: 1s, ttl: 30s}}
        metrics:
          address: 127.0.0.1:%d
          collect: {soak_calls: {type: counter, labels: [resource]}}
        status: {address: "127.0.0.1:%d"}
        service:
          sleeper: {command: "sleep 86400", process_num: %d, restart_sec: 1, remain_after_exit: true}
        logs:
          level: warn
          channels: {http: {level: info, mode: production, output: access.log}}
        """
            .formatted(
                ports[2],
                TOP.resolve(
                    "rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php"),
                ports[0],
                ports[1],
                WORKERS,
                ports[3],
                ports[4],
                SERVICES));
  }
}
