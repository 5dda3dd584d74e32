package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.KvClient.Refusal;
import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with little memory, of which clients ask for too much. */
class SmallHeapTest {
  private static final int HTTP = RrServer.freePort();
  private static final int RPC = RrServer.freePort();
  private static final int REDIS = RrServer.freePort();
  private static final int MEMCACHED = RrServer.freePort();
  private static final int CLIENTS = 64;
  private static final int MEGABYTE = 1_000_000;
  private static final String TOO_MUCH = "values: no memory for|bytes is left out";

  @TempDir static Path folder;
  private static Brokers brokers;
  private static RrServer server;

  @BeforeAll
  static void start() throws Exception {
    Files.copy(KvTest.TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server: {command: "php worker.php"}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 1}}
        kv:
          memory: {driver: memory}
          kept: {driver: memory, config: {persist: values}}
          boltdb: {driver: boltdb}
          redis: {driver: redis, config: {addrs: "127.0.0.1:%d", read_timeout: 30s}}
          memcached: {driver: memcached, config: {addr: "127.0.0.1:%d", timeout: 30s}}
        """
            .formatted(RPC, HTTP, REDIS, MEMCACHED));
    brokers = new Brokers(folder);
    brokers.redis(REDIS);
    brokers.memcached(MEMCACHED, 1024);
    server =
        RrServer.start(
            ShellCommand.in(folder, KvTest.RR.toString(), "serve", "-c", ".rr.yaml")
                .with("RR_JAVA_OPTS", "-Xmx256m"),
            HTTP);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (server != null) {
        server.close();
      }
    } finally {
      if (brokers != null) {
        brokers.stop();
      }
    }
  }

  @AfterEach
  void itServes() throws Exception {
    try (KvClient client = new KvClient(RPC)) {
      for (String storage : List.of("memory", "kept", "boltdb", "redis", "memcached")) {
        client.clear(storage);
        client.set(storage, "a", new byte[100]);
        assertThat(client.get(storage, List.of("a"))).isGreaterThan(100);
      }
    }
    assertThat(server.get("/").statusCode()).isEqualTo(200);
    assertThat(server.log()).doesNotContain("OutOfMemory", "failed");
  }

  /** What a client does, told its number. */
  private interface Client {
    void run(KvClient client, int number) throws IOException, Refusal;
  }

  /** Has so many clients do it at once; answers what they were refused with. */
  private static List<String> refusals(int clients, Client each) throws Exception {
    List<String> refusals = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<String>> told =
          IntStream.range(0, clients).mapToObj(n -> threads.submit(() -> told(n, each))).toList();
      for (Future<String> one : told) {
        refusals.add(one.get());
      }
    }
    refusals.removeIf(String::isEmpty);
    return refusals;
  }

  private static String told(int number, Client each) throws IOException {
    try (KvClient client = new KvClient(RPC)) {
      each.run(client, number);
      return "";
    } catch (Refusal e) {
      return e.getMessage();
    }
  }

  /** Sets two megabytes for each client, which is twice what the values of all calls may take. */
  private static void fill(String storage) throws Exception {
    byte[] value = new byte[MEGABYTE];
    assertThat(
            refusals(
                CLIENTS,
                (client, number) -> {
                  client.set(storage, "k" + number + "-0", value);
                  client.set(storage, "k" + number + "-1", value);
                }))
        .isEmpty();
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i % CLIENTS + '-' + i / CLIENTS).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "kept"})
  void valuesInMemoryAreKeptUntilAThirdOfTheHeapIsTaken(String storage) throws Exception {
    assertThat(fillUntilRefused(storage))
        .hasSize(CLIENTS)
        .allSatisfy(text ->
            assertThat(text)
                .startsWith("rpc_set: in_memory_plugin_set: no room for 1000")
                .contains("max_size", "-Xmx"));
    try (KvClient client = new KvClient(RPC)) {
      assertThatThrownBy(() -> client.get(storage, keys(10_000)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("bytes is left out");
      assertThat(client.get(storage, keys(10))).isGreaterThan(MEGABYTE);
    }
  }

  private static List<String> fillUntilRefused(String storage) throws Exception {
    byte[] value = new byte[MEGABYTE];
    return refusals(
        CLIENTS,
        (client, number) -> {
          for (int i = 0; i < 100; i++) {
            client.set(storage, "k" + number + '-' + i, value);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"boltdb", "redis", "memcached"})
  void whatIsAskedForAtOnceOfStoragesElsewhereIsBounded(String storage) throws Exception {
    fill(storage);
    try (KvClient client = new KvClient(RPC)) {
      assertThatThrownBy(() -> client.get(storage, keys(10_000)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("values: no memory for")
          .hasMessageContaining("-Xmx");
      assertThat(client.get(storage, keys(10))).isGreaterThan(10 * MEGABYTE);
    }
    assertThat(refusals(CLIENTS, (client, number) -> client.get(storage, keys(5))))
        .allSatisfy(text -> assertThat(text).containsPattern(TOO_MUCH));
  }

  @Test
  void aRequestOfFiftyMegabytesIsRefused() throws Exception {
    byte[] large = new byte[50 * MEGABYTE];
    assertThat(refusals(2, (client, number) -> client.set("boltdb", "k" + number, large)))
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).contains("is over the limit of 3"));
  }

  @Test
  void allOfThatAtOnceIsBoundedToo() throws Exception {
    List<String> elsewhere = List.of("boltdb", "redis", "memcached");
    for (String storage : elsewhere) {
      fill(storage);
    }
    assertThat(fillUntilRefused("kept")).hasSize(CLIENTS);
    byte[] large = new byte[30 * MEGABYTE];
    List<String> refusals =
        refusals(
            CLIENTS,
            (client, number) -> {
              if (number % 16 == 0) {
                client.set("boltdb", "large" + number, large);
              } else {
                client.get(elsewhere.get(number % 3), keys(5));
              }
            });
    assertThat(refusals).allSatisfy(text -> assertThat(text).containsPattern(TOO_MUCH));
  }
}
