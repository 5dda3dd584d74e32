package dev.rr.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.health.RemoteServer;
import dev.rr.config.Sections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisConfigTest {
  @TempDir Path folder;

  private static RedisConfig config(Map<String, ?> keys) {
    Problems problems = new Problems();
    return TestRedis.section(keys, problems).bind(RedisConfigBinder.INSTANCE);
  }

  @Test
  void defaultsAreThoseOfUpstreamAlsoForZero() {
    for (RedisConfig config :
        List.of(
            config(Map.of()),
            config(
                Map.of(
                    "max_retries",
                    0,
                    "dial_timeout",
                    0,
                    "read_timeout",
                    0,
                    "pool_timeout",
                    0,
                    "min_retry_backoff",
                    0,
                    "max_retry_backoff",
                    0,
                    "addrs",
                    List.of())))) {
      assertThat(config.addrs()).containsExactly("127.0.0.1:6379");
      assertThat(config.maxRetries()).isEqualTo(3);
      assertThat(config.dialTimeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(config.readTimeout()).isEqualTo(Duration.ofSeconds(3));
      assertThat(config.writeTimeout()).isEqualTo(Duration.ofSeconds(3));
      assertThat(config.poolTimeout()).isEqualTo(Duration.ofSeconds(4));
      assertThat(config.minRetryBackoff()).isEqualTo(Duration.ofMillis(8));
      assertThat(config.maxRetryBackoff()).isEqualTo(Duration.ofMillis(512));
    }
  }

  @Test
  void addressesAreSplitAtCommasAndSaySentinelsAMasterOrACluster() {
    RedisConfig one = config(Map.of("addrs", "/run/redis.sock"));
    assertThat(one.isCluster()).isFalse();
    RedisConfig cluster = config(Map.of("addrs", "127.0.0.1:1,127.0.0.1:2"));
    assertThat(cluster.isCluster()).isTrue();
    RedisConfig sentinels = config(Map.of("addrs", "127.0.0.1:1,[::1]:2", "master_name", "m"));
    assertThat(sentinels.isCluster()).isFalse();
    assertThat(sentinels.hasSentinels()).isTrue();
  }

  @Test
  void tellsTheServersOfEachStorageOnceItsKeysWereChecked() throws Exception {
    try (TestRedis redis = new TestRedis(folder)) {
      Problems problems = new Problems();
      Section keys =
          Sections.of(
              Map.of("addrs", "127.0.0.1:1,/run/redis.sock", "password", "hunter2"),
              new Problem.Place(null, 0, "kv.users.config"),
              problems);
      redis.plugin.check("users", keys);
      assertThat(redis.plugin.remoteServers())
          .containsExactly(
              new RemoteServer("kv.users.config.addrs", "127.0.0.1:1"),
              new RemoteServer("kv.users.config.addrs", "unix:///run/redis.sock"));
    }
  }

  @Test
  void retriesWaitLongerEachTimeUpToTheLongest() {
    RedisConfig config = config(Map.of("min_retry_backoff", "8ms", "max_retry_backoff", "20ms"));
    assertThat(config.backoff(1)).hasMillis(8);
    assertThat(config.backoff(2)).hasMillis(16);
    assertThat(config.backoff(3)).hasMillis(20);
    assertThat(config.backoff(1000)).hasMillis(20);
  }

  @Test
  void whatIsWrongIsToldAtItsKeyAllAtOnce() throws Exception {
    try (TestRedis redis = new TestRedis(folder)) {
      Map<String, Object> wrong =
          Map.of("addrs", "localhost", "min_retry_backoff", "1s", "max_retry_backoff", "1ms");
      assertThatThrownBy(
              () -> redis.plugin.check("users", TestRedis.section(wrong, new Problems())))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("kv.users.config.addrs: 'localhost' is no address: it has no port")
          .hasMessageContaining("kv.users.config.min_retry_backoff: is longer");
    }
  }

  @Test
  void filesOfTlsAreLookedAtBeforeTheStart() throws Exception {
    Files.writeString(folder.resolve("a.key"), "nothing");
    try (TestRedis redis = new TestRedis(folder)) {
      Problems problems = new Problems();
      redis.plugin.check(
          "users",
          TestRedis.section(
              Map.of("tls", Map.of("key", "a.key", "root_ca", "missing.pem")), problems));
      assertThat(problems.found().toString())
          .contains("kv.users.config.tls.cert: key and cert come together")
          .contains("kv.users.config.tls.root_ca: CA file 'missing.pem' does not exist");
    }
  }

  @Test
  void aStorageWithoutAConfigurationIsToldSo() throws Exception {
    try (TestRedis redis = new TestRedis(folder)) {
      Problems problems = new Problems();
      redis.plugin.check(
          "users",
          Sections.of(Map.of(), new Problem.Place(null, 0, "kv.users"), problems)
              .section("config"));
      assertThat(problems.found().toString()).contains("config not found by provided key");
    }
  }

  @Test
  void passwordsAreSecrets() {
    assertThat(RedisConfigBinder.INSTANCE.schema().fields())
        .filteredOn(f -> f.secret())
        .extracting(f -> f.name())
        .containsExactly("password", "sentinel_password");
  }
}
