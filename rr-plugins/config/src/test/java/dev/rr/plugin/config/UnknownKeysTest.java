package dev.rr.plugin.config;

import static dev.rr.plugin.config.ConfigPluginTest.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Type;
import dev.rr.api.plugin.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnknownKeysTest {
  @TempDir Path folder = Path.of("");

  private static final Schema POOL =
      new Schema(
          "",
          List.of(
              field("num_workers", Type.INTEGER, false, null),
              field("ttl", Type.DURATION, false, null)));
  private static final List<Schema> SCHEMAS =
      List.of(
          new Schema(
              "http",
              List.of(
                  field("address", Type.STRING, false, null),
                  field("env", Type.STRING_MAP, false, null),
                  field("raw", Type.ANY, false, null),
                  field("pool", Type.SECTION, false, POOL),
                  field("pools", Type.SECTIONS, false, POOL),
                  field("named", Type.SECTION_MAP, false, POOL))),
          new Schema("http.headers", List.of(field("cors", Type.BOOLEAN, false, null))),
          POOL);
  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              entry("gzip", false, "http.gzip"),
              entry("headers", true, "http.headers"),
              entry("http", true, "http"),
              entry("kafka", false, "kafka"),
              entry("kv", true, "kv"),
              new Catalogue.Entry(
                  "lock", "dev.rr:rr-plugin-lock:0.1.0", true, List.of(), List.of()),
              new Catalogue.Entry(
                  "resetter", "dev.rr:rr-plugin-resetter:0.1.0", false, List.of(), List.of()),
              entry("rpc", false, "rpc")));

  private static Catalogue.Entry entry(String id, boolean builtIn, String section) {
    return new Catalogue.Entry(
        id, "dev.rr:rr-plugin-" + id + ":0.1.0", builtIn, List.of(section), List.of());
  }

  private List<String> unknown(String yaml) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: '3'\n" + yaml);
    return TestHost.of(file).with(CATALOGUE).load().unknownKeys(SCHEMAS).stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void aSectionWithoutKeysIsToldSinceItCountsAsAbsent() throws IOException {
    assertThat(unknown("http:\nother:\n"))
        .containsExactly(".rr.yaml:2: http: has no keys, which is as if it were not there");
  }

  @Test
  void aFileOfKnownKeysIsFine() throws IOException {
    assertThat(
            unknown(
                """
                envfile: ""
                endure: {grace_period: 30s, retry_on_fail: true}
                http:
                  address: ":80"
                  env: {ANY: thing}
                  raw: {any: {thing: 1}}
                  pool: {num_workers: 1, ttl: 60s}
                  pools: [{num_workers: 1}]
                  named: {a: {num_workers: 1}, b: ~}
                  headers: {cors: true}
                kv: {whatever: 1}
                """))
        .isEmpty();
  }

  @Test
  void misspeltKeysGetTheNearestNameWhereverTheyStand() throws IOException {
    assertThat(
            unknown(
                """
                htpp: {}
                http:
                  adress: ":80"
                  pool: {num_wokrers: 1}
                  pools:
                    - num_workers: 1
                      numworkers: 2
                  named: {a: {tll: 1s}}
                  headers: {cosr: true}
                  gizp: {}
                """))
        .containsExactly(
            ".rr.yaml:2: htpp: unknown section; did you mean http?",
            ".rr.yaml:4: http.adress: unknown key; did you mean address?",
            ".rr.yaml:5: http.pool.num_wokrers: unknown key; did you mean num_workers?",
            ".rr.yaml:8: http.pools[0].numworkers: unknown key; did you mean num_workers?",
            ".rr.yaml:9: http.named.a.tll: unknown key; did you mean ttl?",
            ".rr.yaml:10: http.headers.cosr: unknown key; did you mean cors?",
            ".rr.yaml:11: http.gizp: unknown key; did you mean gzip?");
  }

  @Test
  void aSectionOfAPluginOutsideTheBinaryNamesItsCoordinates() throws IOException {
    assertThat(unknown("kafka: {brokers: x}\nhttp: {gzip: {}}\n"))
        .containsExactly(
            ".rr.yaml:2: kafka: section kafka belongs to the plugin kafka, which is not in this"
                + " binary: add dev.rr:rr-plugin-kafka:0.1.0 to the build",
            ".rr.yaml:3: http.gzip: section http.gzip belongs to the plugin gzip, which is not in"
                + " this binary: add dev.rr:rr-plugin-gzip:0.1.0 to the build");
  }

  @Test
  void aSectionOfUpstreamsPluginsIsNamedAsThat() throws IOException {
    assertThat(unknown("grpc: {listen: x}\njbos: {}\nrpc: {}\n"))
        .containsExactly(
            ".rr.yaml:2: grpc: section grpc belongs to RoadRunner's plugin grpc, which this"
                + " server does not have",
            ".rr.yaml:3: jbos: unknown section; did you mean jobs?",
            ".rr.yaml:4: rpc: section rpc belongs to the plugin rpc, which is not in this binary:"
                + " add dev.rr:rr-plugin-rpc:0.1.0 to the build");
  }

  @Test
  void aPluginWithoutSectionIsToldThatItNeedsNone() throws IOException {
    assertThat(unknown("lock: {ttl: 5s}\nresetter: {a: b}\n"))
        .containsExactly(
            ".rr.yaml:2: lock: the plugin lock has no section, and needs none to run",
            ".rr.yaml:3: resetter: section resetter belongs to the plugin resetter, which is not in"
                + " this binary: add dev.rr:rr-plugin-resetter:0.1.0 to the build");
  }

  @Test
  void whatNobodyKnowsListsWhatIsKnown() throws IOException {
    assertThat(unknown("something: 1\nhttp: {pool: {something: 1}}\n"))
        .containsExactly(
            ".rr.yaml:2: something: unknown section; no plugin reads it",
            ".rr.yaml:3: http.pool.something: unknown key; known here: num_workers, ttl");
  }

  @Test
  void nullsAreNotThere() throws IOException {
    assertThat(unknown("kafka: ~\nsomething:\n")).isEmpty();
  }

  @Test
  void warnsOfDurationsInNanosecondsAndOfValuesThatAreDropped() throws IOException {
    assertThat(unknown("http: {pool: {ttl: 60}, raw: [a, 7]}\n"))
        .containsExactly(
            ".rr.yaml:2: http.raw: 7 is dropped: a list with texts in it keeps nothing else; quote"
                + " it",
            ".rr.yaml:2: http.pool.ttl: 60 without a unit means nanoseconds; write 60s for"
                + " seconds");
  }

  @Test
  void whatAPluginReadsValueByValueIsKnown() throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: '3'\naudit: {Level: high}\nauditt: {level: low}\n");
    ConfigPlugin configurer = TestHost.of(file).load();
    assertThat(configurer.get("audit.level")).isEqualTo("high");
    assertThat(configurer.unknownKeys(List.of()))
        .singleElement()
        .asString()
        .contains(".rr.yaml:3: auditt");
  }

  @Test
  void warnsOfTheOldVersion() throws IOException {
    Path file = folder.resolve(".rr.yaml");
    for (String old : List.of("2.7", "2", "1.0.0")) {
      Files.writeString(file, "version: '" + old + "'\n");
      assertThat(TestHost.of(file).load().unknownKeys(List.of()).toString())
          .contains("\"" + old + "\" is an old version of the format");
    }
    Files.writeString(file, "version: '3'\n");
    assertThat(TestHost.of(file).load().unknownKeys(List.of())).isEmpty();
  }
}
