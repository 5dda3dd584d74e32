package dev.rr.plugin.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** The plugin with whatever storages a test opens, and the servers it runs. One thread. */
final class TestMemcached implements AutoCloseable {
  final RecordingLog log = new RecordingLog();
  final MemcachedPlugin plugin;
  private final List<KvStore> open = new ArrayList<>();

  TestMemcached(Path folder) {
    this.plugin =
        new MemcachedPlugin(MemcachedConfigBinder.INSTANCE, new FakeHost(folder), name -> log);
  }

  static TestServer server(Path folder, int port) throws IOException {
    return TestServer.listening(
        folder, port, List.of("memcached", "-u", "root", "-l", "127.0.0.1", "-p", "" + port));
  }

  static Section section(Map<String, ?> config, Problems problems) {
    return Sections.of(config, new Problem.Place(null, 0, "kv.users.config"), problems);
  }

  /** Opens a storage, which is patient unless the test says otherwise. */
  KvStore open(Map<String, ?> config) {
    Map<String, Object> all = new HashMap<>(Map.of("timeout", "10s"));
    all.putAll(config);
    Section section = section(all, new Problems());
    plugin.check("users", section);
    KvStore store = plugin.open("users", section);
    open.add(store);
    return store;
  }

  /** Opens a storage on servers of the loopback. */
  KvStore open(Integer... ports) {
    return open(Map.of("addr", List.of(ports).stream().map(p -> "127.0.0.1:" + p).toList()));
  }

  static KvItem item(String key, String value) {
    return new KvItem(key, value.getBytes(UTF_8));
  }

  @Override
  public void close() throws Exception {
    for (KvStore store : open) {
      store.close(Deadline.after(Duration.ofSeconds(5)));
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
  }
}
