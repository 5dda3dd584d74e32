package dev.rr.plugin.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvItem;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Sections;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plugin with whatever storages a test opens, and the servers it runs. One thread. */
final class TestRedis implements AutoCloseable {
  final RecordingLog log = new RecordingLog();
  final RedisPlugin plugin;
  private final List<KvStore> open = new ArrayList<>();
  private final List<PubSub> brokers = new ArrayList<>();

  TestRedis(Path folder) {
    this.plugin =
        new RedisPlugin(
            RedisConfigBinder.INSTANCE,
            RedisBroadcastConfigBinder.INSTANCE,
            new FakeHost(folder),
            name -> log);
  }

  /** Starts a server that keeps nothing; options are those of its command line. */
  static TestServer server(Path folder, int port, String... options) throws IOException {
    return TestServer.listening(folder, port, command(folder, port, options));
  }

  static List<String> command(Path folder, int port, String... options) {
    List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
    command.addAll(List.of(options));
    return command;
  }

  /** Has redis-cli ask something, and answers what it prints. */
  static String cli(String... words) throws Exception {
    return cli("", List.of(words));
  }

  /** The same, of lines that it is given. */
  static String cli(String input, List<String> words) throws Exception {
    List<String> command = new ArrayList<>(List.of("redis-cli", "--no-auth-warning"));
    command.addAll(words);
    Process cli = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = cli.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String printed = new String(cli.getInputStream().readAllBytes(), UTF_8).strip();
    if (cli.waitFor() != 0) {
      throw new AssertionError(printed);
    }
    return printed;
  }

  static Section section(Map<String, ?> config, Problems problems) {
    return Sections.of(config, new Problem.Place(null, 0, "kv.users.config"), problems);
  }

  /** Opens a storage, which is patient unless the test says otherwise. */
  KvStore open(Map<String, ?> config) throws IOException {
    Map<String, Object> all = new HashMap<>(Map.of("dial_timeout", "30s", "read_timeout", "20s"));
    all.putAll(config);
    Section section = section(all, new Problems());
    plugin.check("users", section);
    KvStore store = plugin.open("users", section);
    open.add(store);
    return store;
  }

  /** Opens a storage on one server. */
  KvStore open(int port) throws IOException {
    return open(Map.of("addrs", List.of("127.0.0.1:" + port)));
  }

  /** Opens a broker, which is patient unless the test says otherwise. */
  PubSub openBroker(Map<String, ?> config, PubSub.Listener listener) throws Exception {
    Map<String, Object> all = new HashMap<>(Map.of("dial_timeout", "30s", "read_timeout", "20s"));
    all.putAll(config);
    Section section =
        Sections.of(all, new Problem.Place(null, 0, "broadcast.main.config"), new Problems());
    plugin.pubSub().check("main", section);
    PubSub broker = plugin.pubSub().open("main", section, listener);
    brokers.add(broker);
    return broker;
  }

  static KvItem item(String key, String value) {
    return new KvItem(key, value.getBytes(UTF_8), Optional.empty());
  }

  @Override
  public void close() throws Exception {
    for (KvStore store : open) {
      store.close(Deadline.after(Duration.ofSeconds(5)));
    }
    for (PubSub broker : brokers) {
      broker.close(Deadline.after(Duration.ofSeconds(5)));
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
  }
}
