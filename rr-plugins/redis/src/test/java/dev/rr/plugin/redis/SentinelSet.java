package dev.rr.plugin.redis;

import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A master, its replica, and sentinels that know them; all have passwords. One thread. */
final class SentinelSet implements AutoCloseable {
  private static final String CONFIG =
      """
      port %d
      bind 127.0.0.1
      dir %s
      requirepass watch
      sentinel sentinel-pass watch
      sentinel monitor mymaster 127.0.0.1 %d %d
      sentinel auth-pass mymaster secret
      sentinel down-after-milliseconds mymaster 500
      sentinel failover-timeout mymaster 2000
      """;

  /**
   * How often sentinels look at what they know, tell each other, and ask; and how long they may
   * stand still before they do nothing for half a minute. In milliseconds.
   */
  private static final String[] HURRY = {
    "info-period", "200", "publish-period", "200", "ask-period", "100", "tilt-trigger", "600000"
  };

  private final Path folder;
  private final List<TestServer> servers = new ArrayList<>();
  private final List<String> sentinels = new ArrayList<>();
  private final int masterPort = TestServer.freePort();
  private final int replicaPort = TestServer.freePort();
  private final TestProxy wayToReplica = TestProxy.before(replicaPort);

  private SentinelSet(Path folder) throws IOException {
    this.folder = folder;
  }

  /**
   * Starts one, and waits until all know each other.
   *
   * @param sentinels how many of these, of which more than half have to agree
   * @param proxied whether others than the master reach the replica {@linkplain #wayToReplica
   *     through a proxy}
   */
  @SuppressWarnings("MustBeClosedChecker")
  static SentinelSet start(Path folder, int sentinels, boolean proxied) throws Exception {
    SentinelSet set = new SentinelSet(folder);
    try {
      set.startAll(sentinels, proxied ? set.wayToReplica.port() : set.replicaPort);
      return set;
    } catch (Throwable e) {
      // Nobody else can.
      set.close();
      throw e;
    }
  }

  private void startAll(int count, int announced) throws Exception {
    TestServer master = server("master", masterPort);
    TestServer replica =
        server(
            "replica",
            replicaPort,
            "--replicaof",
            "127.0.0.1",
            "" + masterPort,
            "--replica-announce-port",
            "" + announced);
    for (int i = 0; i < count; i++) {
      startSentinel(Files.createDirectory(folder.resolve("sentinel" + i)), count / 2 + 1);
    }
    replica.await("it follows", () -> replica.output().contains("Finished with success"));
    for (TestServer sentinel : servers.subList(2, servers.size())) {
      sentinel.await("it knows the replica", () -> sentinel.output().contains("+slave"));
      sentinel.await(
          "it knows the others", () -> sentinel.output().split("\\+sentinel ", -1).length == count);
    }
    for (String sentinel : sentinels) {
      // One that has not reached the replica yet tells nobody of it.
      Await.until("it has reached the replica", () -> knows(sentinel));
    }
  }

  private static boolean knows(String sentinel) {
    String port = sentinel.substring(sentinel.indexOf(':') + 1);
    try {
      String told = TestRedis.cli("-p", port, "-a", "watch", "sentinel", "replicas", "mymaster");
      return told.contains("flags\nslave\n");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private TestServer server(String name, int port, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("--requirepass", "secret"));
    options.addAll(List.of("--masterauth", "secret", "--repl-diskless-sync-delay", "0"));
    options.addAll(List.of(more));
    TestServer server =
        TestRedis.server(
            Files.createDirectory(folder.resolve(name)), port, options.toArray(String[]::new));
    servers.add(server);
    return server;
  }

  private void startSentinel(Path home, int quorum) throws Exception {
    int port = TestServer.freePort();
    Path config = home.resolve("sentinel.conf");
    Files.writeString(config, CONFIG.formatted(port, home, masterPort, quorum));
    servers.add(
        TestServer.listening(home, port, List.of("redis-server", config.toString(), "--sentinel")));
    sentinels.add("127.0.0.1:" + port);
    List<String> hurry = new ArrayList<>(List.of("-p", "" + port, "-a", "watch"));
    hurry.addAll(List.of("sentinel", "debug"));
    hurry.addAll(List.of(HURRY));
    String _ = TestRedis.cli("", hurry);
  }

  /** What a storage's section says. */
  Map<String, Object> config() {
    return Map.of(
        "addrs",
        List.copyOf(sentinels),
        "master_name",
        "mymaster",
        "password",
        "secret",
        "sentinel_password",
        "watch");
  }

  /** The first of all servers. */
  TestServer master() {
    return servers.getFirst();
  }

  /** What clients go through to the replica. */
  TestProxy wayToReplica() {
    return wayToReplica;
  }

  /** Which commands the master has had. */
  String askedOfMaster() throws Exception {
    return commands(masterPort);
  }

  /** Which commands the replica has had, those of its master too. */
  String askedOfReplica() throws Exception {
    return commands(replicaPort);
  }

  private static String commands(int port) throws Exception {
    return TestRedis.cli("-p", "" + port, "-a", "secret", "info", "commandstats");
  }

  @Override
  public void close() throws Exception {
    servers.forEach(TestServer::close);
    wayToReplica.close();
  }
}
