package dev.rr.plugin.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Binder;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.kv.KvDriver;
import dev.rr.api.kv.KvStore;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host of drivers and its drivers, as kv and jobs are going to be. */
final class DriversTest {
  @TempDir Path folder = Path.of("");

  @ConfigSection("kv")
  record KvKeys(@Key(name = "*") Map<String, Storage> storages) {
    @ConfigSection
    record Storage(@Key(required = true) String driver, Section config) {}
  }

  @ConfigSection(value = "kv.*.config", driver = "redis")
  record RedisKeys(
      @Key(fallback = "127.0.0.1:6379") List<String> addrs,
      @Key(min = 0, max = 15) int db,
      @Key(secret = true) String pin,
      Tls tls) {
    @ConfigSection
    record Tls(String cert) {}

    @Override
    public String toString() {
      return "RedisKeys[addrs=" + addrs + "]";
    }
  }

  @ConfigSection(value = "kv.*.config", driver = "boltdb")
  record BoltKeys(@Key(fallback = "rr.db") String file) {}

  @ConfigSection("jobs")
  record JobsKeys(Map<String, Pipeline> pipelines) {
    @ConfigSection
    record Pipeline(String driver, String pool, Section config) {}
  }

  @ConfigSection(value = "jobs.pipelines.*.config", driver = "amqp")
  record AmqpKeys(
      @Key(fallback = "10") int priority, @Key(min = 1, fallback = "10") int prefetch) {}

  private static final List<Schema> SCHEMAS =
      List.of(
          DriversTest_AmqpKeysBinder.INSTANCE.schema(),
          DriversTest_BoltKeysBinder.INSTANCE.schema(),
          DriversTest_JobsKeysBinder.INSTANCE.schema(),
          DriversTest_KvKeysBinder.INSTANCE.schema(),
          DriversTest_RedisKeysBinder.INSTANCE.schema());
  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(driver("boltdb", true), driver("memcached", false), driver("redis", true)));

  private static Catalogue.Entry driver(String id, boolean builtIn) {
    return new Catalogue.Entry(
        id,
        "dev.rr:rr-plugin-" + id + ":0.1.0",
        builtIn,
        List.of(),
        List.of(Catalogue.Offer.of(KvDriver.class, id)));
  }

  /** A driver: one line decodes what the host hands over. */
  private record Driver<T>(Binder<T> sections, List<T> opened) implements KvDriver {
    @Override
    public void check(String storage, Section config) {
      config.bind(sections);
    }

    @Override
    public KvStore open(String storage, Section config) {
      opened.add(config.bind(sections));
      throw new UnsupportedOperationException("no test uses the storage");
    }
  }

  /** A host: it chooses the driver, and hands over the section. */
  private static final class Kv {
    private final Configurer configurer;
    private final KvKeys config;
    private final Choice<KvDriver> drivers = new Choice<>(KvDriver.class, "driver", CATALOGUE);

    Kv(Configurer configurer) {
      this.configurer = configurer;
      this.config = configurer.bind(DriversTest_KvKeysBinder.INSTANCE);
    }

    void check(Problems problems) {
      Section kv = configurer.section(DriversTest_KvKeysBinder.INSTANCE, problems);
      kv.sectionMap("")
          .forEach((name, at) ->
              drivers
                  .find(at.string("driver", ""), at, "driver")
                  .ifPresent(d -> problems.collect(() -> d.check(name, config(name, at)))));
    }

    private Section config(String name, Section at) {
      boolean global = !at.has("config") && configurer.has(name);
      return global ? configurer.section(name, new Problems()) : at.section("config");
    }
  }

  private final Driver<RedisKeys> redis =
      new Driver<>(DriversTest_RedisKeysBinder.INSTANCE, new ArrayList<>());
  private final Driver<BoltKeys> bolt =
      new Driver<>(DriversTest_BoltKeysBinder.INSTANCE, new ArrayList<>());

  private ConfigPlugin load(String yaml) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: '3'\n" + yaml);
    return TestHost.of(file).with(CATALOGUE).knowing(SCHEMAS).load();
  }

  private Kv kv(Configurer configurer) {
    Kv kv = new Kv(configurer);
    kv.drivers.add("redis", redis);
    kv.drivers.add("boltdb", bolt);
    return kv;
  }

  private List<String> check(Configurer configurer) {
    Problems problems = new Problems();
    kv(configurer).check(problems);
    return problems.found().stream().map(Problem::toString).toList();
  }

  private static List<String> unknown(ConfigPlugin configurer) {
    return configurer.unknownKeys(SCHEMAS).stream().map(Problem::toString).toList();
  }

  @Test
  void aDriverGetsItsRecordWithTheNamesCaseKept() throws IOException {
    ConfigPlugin configurer =
        load("kv: {Users: {driver: redis, config: {addrs: 'a:1,b:2', db: '3'}}, Empty: ~}\n");
    Kv kv = kv(configurer);
    assertThat(kv.config.storages()).containsOnlyKeys("Users");
    assertThatThrownBy(
            () -> redis.open("Users", requireNonNull(kv.config.storages().get("Users")).config()))
        .hasMessage("no test uses the storage");
    assertThat(redis.opened())
        .containsExactly(new RedisKeys(List.of("a:1", "b:2"), 3, "", new RedisKeys.Tls("")));
  }

  @Test
  void everyProblemOfEveryStorageIsToldAtItsKey() throws IOException {
    ConfigPlugin configurer =
        load(
            """
            kv:
              Users:
                driver: redis
                config:
                  addrs: {a: 1}
                  db: 16
                  pin: [1]
              files: {driver: boltdb, config: {file: []}}
              other: {driver: memcached}
              typo: {driver: reddis}
            """);
    assertThat(check(configurer))
        .containsExactly(
            ".rr.yaml:6: kv.Users.config.addrs: expected a list of texts, found a map",
            ".rr.yaml:7: kv.Users.config.db: \"16\" is out of bounds; allowed: 0 to 15",
            ".rr.yaml:8: kv.Users.config.pin: expected text, found a list",
            ".rr.yaml:9: kv.files.config.file: expected text, found a list",
            ".rr.yaml:10: kv.other.driver: 'memcached' is not in this binary; add"
                + " dev.rr:rr-plugin-memcached:0.1.0 to the build",
            ".rr.yaml:11: kv.typo.driver: 'reddis' is no driver; there are boltdb, memcached,"
                + " redis; did you mean 'redis'?");
  }

  @Test
  void keysThatTheDriverDoesNotKnowAreUnknownWithTheNearestOfItsOwn() throws IOException {
    ConfigPlugin configurer =
        load(
            """
            kv:
              Users:
                driver: redis
                conf: {}
                config: {adrs: a, tls: {crt: x}}
              files: {driver: boltdb, config: {adrs: a, file: b}}
              equal: {driver: boltdb, config: {adrs: a, file: b}}
            """);
    assertThat(check(configurer)).isEmpty();
    assertThat(unknown(configurer))
        .containsExactly(
            ".rr.yaml:5: kv.Users.conf: unknown key; known here: config, driver",
            ".rr.yaml:6: kv.Users.config.adrs: unknown key; did you mean addrs?",
            ".rr.yaml:6: kv.Users.config.tls.crt: unknown key; did you mean cert?",
            ".rr.yaml:7: kv.files.config.adrs: unknown key; known here: file",
            ".rr.yaml:8: kv.equal.config.adrs: unknown key; known here: file");
  }

  @Test
  void aSectionThatStandsInForTheStoragesOwnIsKnownAsTheDrivers() throws IOException {
    ConfigPlugin configurer = load("kv: {users: {driver: redis}}\nusers: {adrs: a, db: 99}\n");
    assertThat(check(configurer))
        .containsExactly(".rr.yaml:3: users.db: \"99\" is out of bounds; allowed: 0 to 15");
    assertThat(unknown(configurer))
        .containsExactly(".rr.yaml:3: users.adrs: unknown key; did you mean addrs?");
  }

  @Test
  void secretsOfADriverAreMasked() throws IOException {
    ConfigPlugin configurer = load("kv: {users: {driver: redis, config: {pin: hunter2}}}\n");
    check(configurer);
    assertThat(configurer.tree().toString()).doesNotContain("hunter2").contains("pin=***");
  }

  @Test
  void keysOfEveryDriverMayBeWrittenWithDots() throws IOException {
    ConfigPlugin configurer = load("kv: {users: {driver: redis, config: {tls.cert: c.pem}}}\n");
    assertThat(configurer.get("kv.users.config.tls.cert")).isEqualTo("c.pem");
    assertThat(unknown(configurer)).isEmpty();
  }

  @Test
  void aPipelinesKeysMayStandBesideItsDriver() throws IOException {
    ConfigPlugin configurer =
        load(
            """
            jobs:
              pipelines:
                old: {driver: amqp, prefetch: '5', config: {prefetch: 0, priority: 3, prio: 1}}
                new: {driver: amqp, config: {prefetch: 0}, prioriti: 1}
            """);
    Problems problems = new Problems();
    Map<String, Section> pipelines =
        configurer.section(DriversTest_JobsKeysBinder.INSTANCE, problems).sectionMap("pipelines");
    Section old = requireNonNull(pipelines.get("old"));
    assertThat(old.flattened("config").bind(DriversTest_AmqpKeysBinder.INSTANCE))
        .isEqualTo(new AmqpKeys(3, 5));
    assertThat(old.flattened("config").keys())
        .containsExactlyInAnyOrder("driver", "config", "prefetch", "priority", "prio");
    Section fresh = requireNonNull(pipelines.get("new"));
    assertThatThrownBy(() -> fresh.flattened("config").bind(DriversTest_AmqpKeysBinder.INSTANCE))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            ".rr.yaml:5: jobs.pipelines.new.config.prefetch: \"0\" is out of bounds; allowed: 1"
                + " or more");
    assertThat(unknown(configurer))
        .containsExactly(
            ".rr.yaml:4: jobs.pipelines.old.config.prio: unknown key; known here: prefetch,"
                + " priority",
            ".rr.yaml:5: jobs.pipelines.new.prioriti: unknown key; did you mean priority?");
  }

  @Test
  void keysOfADriverThatIsNotThereAreNotCalledUnknown() throws IOException {
    ConfigPlugin configurer =
        load(
            """
            jobs:
              pipelines:
                flat: {driver: kafka, topics: [a]}
                below: {drivr: kafka, config: {topics: [a]}}
            """);
    Section pipelines =
        configurer
            .section(DriversTest_JobsKeysBinder.INSTANCE, new Problems())
            .section("pipelines");
    pipelines
        .sectionMap("")
        .values()
        .forEach(pipeline ->
            pipeline.flattened("config").bind(DriversTest_JobsKeys_PipelineBinder.INSTANCE));
    assertThat(unknown(configurer))
        .containsExactly(
            ".rr.yaml:5: jobs.pipelines.below.drivr: unknown key; did you mean driver?");
  }
}
