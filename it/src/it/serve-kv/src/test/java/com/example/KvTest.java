package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  static final Path RR = Path.of(System.getProperty("rr.it.file"));
  static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");
  private static final int HTTP = RrServer.freePort();
  private static final String RPC = "tcp://127.0.0.1:" + RrServer.freePort();

  private static final int REDIS = RrServer.freePort();
  private static final int MEMCACHED = RrServer.freePort();

  @TempDir static Path folder;
  private static Brokers brokers;
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
          boltdb-south: {driver: boltdb, config: {file: south.db, permissions: 0777}}
          redis-rr: {driver: redis}
        redis-rr: {addrs: "127.0.0.1:%d", db: 1}
        """
            .formatted(RPC, CLIENT, HTTP, REDIS, MEMCACHED, REDIS));
    brokers = new Brokers(folder);
    brokers.redis(REDIS);
    brokers.memcached(MEMCACHED, 64);
    serve();
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
      if (brokers != null) {
        brokers.stop();
      }
    }
  }

  private static Stream<String> storages() {
    return Stream.of("memory", "kept", "boltdb", "redis");
  }

  /** One call in JSON with one key. */
  private static String call(String method, String storage, String key) {
    return send(method, storage, "{\"key\":\"" + key + "\"}");
  }

  private static String send(String method, String storage, String item) {
    String request = "{\"storage\":\"" + storage + "\",\"items\":[" + item + "]}";
    return php("call.php", CLIENT.toString(), RPC, method, request).getFirst();
  }

  private static List<String> script(String script, Path first, String storage) {
    return php(script, first.toString(), RPC, storage);
  }

  /** What a script of ours prints, a line each. */
  static List<String> php(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("php");
    command.add(Path.of("src/test/php", script).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ShellCommand.Result result =
        ShellCommand.in(Path.of("."), command.toArray(String[]::new)).run();
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
    assertThat(script("kv.php", CLIENT, storage)).isEqualTo(expected(storage));
  }

  @Test
  void phpCallsWhatMemcachedCan() {
    List<String> told = script("kv.php", CLIENT, "memcached");
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
    assertThat(withThePackage(storage))
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

  private static List<String> withThePackage(String storage) {
    return script(
        "package.php", Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php"), storage);
  }

  @Test
  @Tag("php-packages")
  void theRealPackageKnowsThatMemcachedTellsNoTimes() {
    assertThat(withThePackage("memcached"))
        .contains(
            "ttl ! NotImplementedException",
            "no ttl ! NotImplementedException",
            "ttl of many ! NotImplementedException",
            "get many = {\"d\":1,\"e\":2,\"f\":0}",
            "empty key ! KeyValueException");
  }

  @Test
  void aValueIsInItsOwnStorageAlone() {
    send("kv.Set", "memory", "{\"key\":\"in-memory\",\"value\":\"bWVtb3J5IHZhbHVl\"}");
    send("kv.Set", "boltdb-south", "{\"key\":\"on-disk\",\"value\":\"Ym9sdCB2YWx1ZQ==\"}");
    assertThat(call("kv.MGet", "memory", "in-memory")).contains("bWVtb3J5IHZhbHVl");
    assertThat(call("kv.MGet", "boltdb-south", "on-disk")).contains("Ym9sdCB2YWx1ZQ==");
    assertThat(call("kv.Has", "memory", "on-disk")).isEqualTo("[]");
    assertThat(call("kv.Has", "boltdb-south", "in-memory")).isEqualTo("[]");
    assertThat(call("kv.Has", "boltdb", "on-disk")).isEqualTo("[]");
  }

  @Test
  void aStorageHasTheSectionThatIsNamedLikeIt() {
    call("kv.Set", "redis-rr", "of redis-rr");
    assertThat(call("kv.Has", "redis-rr", "of redis-rr")).contains("of redis-rr");
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
