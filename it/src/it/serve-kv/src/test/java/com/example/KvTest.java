package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PHP runs the whole API on every driver; a worker calls while it boots. */
class KvTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");
  private static final int HTTP = RrServer.freePort();
  private static final String RPC = "tcp://127.0.0.1:" + RrServer.freePort();

  private static final int REDIS = RrServer.freePort();
  private static final int MEMCACHED = RrServer.freePort();
  private static final List<Process> BROKERS = new ArrayList<>();

  @TempDir static Path folder;
  private static RrServer server;

  @BeforeAll
  static void start() throws Exception {
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("sample.php"));
    Files.copy(Path.of("src/test/php/worker.php"), folder.resolve("worker.php"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php worker.php", env: {RR_KV_CLIENT: "%s"}}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 1}}
        kv:
          boot: {driver: memory}
          memory: {driver: memory, config: {}}
          kept: {driver: memory, config: {persist: values}}
          boltdb: {driver: boltdb, config: {file: values.db, permissions: 0600}}
          redis: {driver: redis, config: {addrs: "127.0.0.1:%d"}}
          memcached: {driver: memcached, config: {addr: "127.0.0.1:%d", timeout: 10s}}
        """
            .formatted(RPC, CLIENT, HTTP, REDIS, MEMCACHED));
    // They are dialed until they are there.
    broker("redis-server --save '' --bind 127.0.0.1 --port " + REDIS);
    broker("memcached -u root -l 127.0.0.1 -p " + MEMCACHED);
    serve();
  }

  private static void broker(String command) throws IOException {
    BROKERS.add(
        new ProcessBuilder("sh", "-c", "exec " + command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  private static void serve() throws IOException {
    server =
        RrServer.start(ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml"), HTTP);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      // It is not there when it could not be started.
      if (server != null) {
        server.close();
      }
    } finally {
      BROKERS.forEach(Process::destroy);
      for (Process broker : BROKERS) {
        if (!broker.waitFor(20, TimeUnit.SECONDS)) {
          broker.destroyForcibly();
        }
      }
    }
  }

  private static Stream<String> storages() {
    return Stream.of("memory", "kept", "boltdb", "redis");
  }

  /** One call in JSON with one key. */
  private static String call(String method, String storage, String key) {
    String request = "{\"storage\":\"" + storage + "\",\"items\":[{\"key\":\"" + key + "\"}]}";
    return php("call.php", CLIENT, method, request).getFirst();
  }

  private static List<String> php(String script, Path first, String... more) {
    List<String> command = new ArrayList<>();
    command.add("php");
    command.add(Path.of("src/test/php", script).toAbsolutePath().toString());
    command.add(first.toString());
    command.add(RPC);
    command.addAll(List.of(more));
    ShellCommand.Result result = ShellCommand.in(folder, command.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    return result.out().lines().toList();
  }

  @Test
  void aWorkerCallsWhileItBoots() {
    assertThat(call("kv.Has", "boot", "booted")).isEqualTo("{\"items\":[{\"key\":\"booted\"}]}");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void phpCallsEveryMethod(String storage) {
    assertThat(php("kv.php", CLIENT, storage)).isEqualTo(expected(storage));
  }

  @Test
  void phpCallsWhatMemcachedCan() {
    List<String> told = php("kv.php", CLIENT, "memcached");
    assertThat(told)
        .contains(
            "ttl ! rpc_ttl: memcached_plugin_ttl: not valid request for memcached, see"
                + " https://github.com/memcached/memcached/issues/239");
    List<String> untold = List.of("ttl", "strict", "expires", "no end");
    assertThat(told)
        .filteredOn(line -> !isOneOf(line, untold))
        .isEqualTo(expected("memcached").stream().filter(line -> !isOneOf(line, untold)).toList());
  }

  private static boolean isOneOf(String line, List<String> names) {
    return names.stream().anyMatch(n -> line.startsWith(n + " = ") || line.startsWith(n + " ! "));
  }

  private static List<String> expected(String storage) {
    String operation =
        switch (storage) {
          case "boltdb" -> "boltdb_driver";
          case "redis" -> "redis_driver";
          case "memcached" -> "memcached_plugin";
          default -> "in_memory_plugin";
        };
    String noExpiry =
        operation.startsWith("in_memory")
            ? "timeout for MExpire is empty or key is empty"
            : "should set timeout and at least one key";
    return List.of(
        "bytes = \"0a096d656d6f72792d727212070a016112026161\"",
        "set = \"\"",
        "has = [\"a\",\"b\"]",
        "get = {\"a\":\"1\",\"b\":\"2\",\"empty\":\"\"}",
        "ttl = {\"b\":true}",
        "strict = {\"b\":true}",
        "expire = \"\"",
        "expires = [{\"a\":\"1\"},{\"a\":true}]",
        "expire never ! rpc_mexpire: " + operation + "_mexpire: " + noExpiry,
        "set again = \"\"",
        "no end = []",
        "past = \"\"",
        "gone = {\"b\":\"2\"}",
        "delete = \"\"",
        "deleted = {\"empty\":\"\"}",
        "blank ! rpc_has: key can't be empty string: " + operation + "_has",
        "bad time ! rpc_set: parsing time \"tomorrow\" as \"2006-01-02T15:04:05Z07:00\": cannot"
            + " parse \"tomorrow\" as \"2006\"",
        "nothing of it = []",
        "no keys = [[],[],\"\",\"\"]",
        "unknown ! no such storage: ghost",
        "none ! no storage provided",
        "as json = {\"items\":[{\"key\":\"empty\"}]}",
        "large = \"\"",
        "large again = true",
        "many = \"\"",
        "many again = [10000,{\"key7\":\"of key7\"}]",
        "second = \"\"",
        "a second later = {\"empty\":\"\"}",
        "clear = \"\"",
        "cleared = []");
  }

  @ParameterizedTest
  @MethodSource("storages")
  @Tag("php-packages")
  void theRealPackageWorks(String storage) {
    assertThat(
            php("package.php", Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php"), storage))
        .containsExactly(
            "clear = true",
            "set = [true,true]",
            "get = [{\"x\":1},null,\"default\"]",
            "has = [true,false]",
            "ttl = true",
            "no ttl = [null,null]",
            "set many = true",
            "get many = {\"d\":1,\"e\":2,\"f\":0}",
            "ttl of many = {\"d\":true,\"f\":false}",
            "delete = [true,false,true,false]",
            "negative = [true,false]",
            "a second = true",
            "over = false",
            "empty key ! KeyValueException",
            "no storage ! StorageException");
  }

  @Test
  void aKilledServerHasItsPersistedValuesWhenItIsBack() throws Exception {
    call("kv.Set", "kept", "survivor");
    call("kv.Set", "boltdb", "survivor");
    call("kv.Set", "memory", "mortal");
    server.process().destroyForcibly();
    RrServer.await("the end of the server", () -> !server.process().isAlive());
    server.close();
    serve();
    assertThat(call("kv.Has", "kept", "survivor")).contains("survivor");
    assertThat(call("kv.Has", "boltdb", "survivor")).contains("survivor");
    assertThat(call("kv.Has", "memory", "mortal")).isEqualTo("[]");
  }
}
