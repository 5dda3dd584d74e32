package dev.rr.build.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Selections out of files that users of RoadRunner have. */
class StartingPointTest {
  private static final String MIDDLEWARE = "dev.rr.api.http.Middleware";
  private static final String KV = "dev.rr.api.kv.KvDriver";
  private static final String PUB_SUB = "dev.rr.api.broadcast.PubSubDriver";
  private static final String CODING = "dev.rr.api.http.ContentCoding";
  private static final String JOBS = "dev.rr.api.jobs.JobsDriver";
  private static final KnownPlugins KNOWN =
      new KnownPlugins(
          List.of(
              entry("config", "config", List.of()),
              entry("logger", "logger", List.of("logs")),
              entry("server", "server", List.of("server")),
              entry("rpc", "rpc", List.of("rpc")),
              entry("http", "http", List.of("http")),
              entry("gzip", "gzip", List.of("http.gzip"), offer(MIDDLEWARE, "gzip")),
              entry(
                  "http_metrics",
                  "http-metrics",
                  List.of("http"),
                  offer(MIDDLEWARE, "http_metrics")),
              entry("sendfile", "sendfile", List.of(), offer(MIDDLEWARE, "sendfile")),
              entry("kv", "kv", List.of("kv")),
              entry("jobs", "jobs", List.of("jobs")),
              entry("amqp", "amqp", List.of("amqp"), offer(JOBS, "amqp")),
              entry("acme", "acme", List.of("http.ssl.acme")),
              entry("http3", "http3", List.of("http.http3")),
              entry("brotli", "brotli", List.of("http.brotli"), offer(CODING, "br")),
              entry("broadcast", "broadcast", List.of("broadcast")),
              entry("redis", "redis", List.of(), offer(KV, "redis"), offer(PUB_SUB, "redis")),
              entry("memory", "memory", List.of(), offer(KV, "memory"), offer(JOBS, "memory"))));

  @TempDir Path folder;

  private static CatalogueEntry entry(
      String id, String name, List<String> sections, CatalogueEntry.Offer... offers) {
    return new CatalogueEntry(
        id, "dev.rr:rr-plugin-" + name + ":1", List.of(), List.of(offers), sections, "");
  }

  private static CatalogueEntry.Offer offer(String contract, String name) {
    return new CatalogueEntry.Offer(contract, name);
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void theNewFormOfVeloxIsRead() throws Exception {
    StartingPoint start =
        VeloxFile.read(
            file(
                "velox.toml",
                """
                [roadrunner]
                ref = "v2025.1.2"
                [github.token]
                token = "${GITHUB_TOKEN}"
                [plugins.any]
                tag = "latest"
                module_name = "github.com/roadrunner-server/http/v5"
                [plugins.prometheus]
                module_name = "github.com/roadrunner-server/prometheus/v5"
                [plugins.temporal]
                module_name = "github.com/roadrunner-server/temporal/v5"
                [plugins.ours]
                module_name = "github.com/acme/audit"
                [[replaces]]
                new = "../fork"
                old = "github.com/foo/bar"
                """),
            KNOWN);
    assertThat(start.plugins()).contains("config", "rpc", "http", "http-metrics").hasSize(6);
    assertThat(start.notes())
        .containsExactlyInAnyOrder(
            "temporal (temporal): rr has no such plugin, it is left out",
            "ours (github.com/acme/audit) is somebody else's and written in Go: it is left out",
            "replaces is about Go modules and is left out",
            "the token is not needed: Maven's settings have what private repositories ask for");
  }

  @Test
  void theOldFormOfVeloxIsRead() throws Exception {
    StartingPoint start =
        VeloxFile.read(
            file(
                "velox.toml",
                """
                [github.plugins]
                logger = { ref = "master", owner = "roadrunner-server", repository = "logger" }
                send = { ref = "master", owner = "roadrunner-server", repository = "send" }
                temporal = { ref = "v1", owner = "temporalio", repository = "roadrunner-temporal" }
                """),
            KNOWN);
    assertThat(start.plugins()).contains("logger", "sendfile");
    assertThat(start.notes())
        .containsExactly(
            "temporal (roadrunner-temporal) is somebody else's and written in Go: it is left out");
  }

  @Test
  void aFileThatNamesNoPluginsOrIsNoTomlIsRefused() throws Exception {
    assertThatThrownBy(() -> VeloxFile.read(file("a.toml", "[roadrunner]\nref = \"x\"\n"), KNOWN))
        .hasMessageContaining("names no plugins");
    assertThatThrownBy(() -> VeloxFile.read(file("b.toml", "[plugins\n"), KNOWN))
        .hasMessageContaining("b.toml cannot be read");
  }

  @Test
  void aConfigurationSelectsWhatItsSectionsDriversAndMiddlewareNeed() throws Exception {
    StartingPoint start =
        RrYaml.read(
            file(
                ".rr.yaml",
                """
                version: "3"
                rpc: {listen: tcp://127.0.0.1:6001}
                server: {command: php worker.php}
                http: {address: 0.0.0.0:8080, middleware: [gzip, nope]}
                kv: {users: {driver: memory, config: {}}}
                jobs: {pipelines: {mail: {driver: amqp}}}
                temporal: {address: 127.0.0.1:7233}
                """),
            KNOWN);
    assertThat(start.plugins())
        .containsExactlyInAnyOrder(
            "config",
            "logger",
            "rpc",
            "informer",
            "resetter",
            "server",
            "http",
            "gzip",
            "kv",
            "memory",
            "jobs",
            "amqp");
    assertThat(start.notes())
        .containsExactlyInAnyOrder(
            "nope: no plugin of rr offers it", "section temporal: no plugin of rr reads it");
  }

  @Test
  void whatIsDeepInASectionAndBrokersAreSelectedToo() throws Exception {
    StartingPoint start =
        RrYaml.read(
            file(
                ".rr.yaml",
                """
                http:
                  ssl: {acme: {email: you@example.com}}
                  http3:
                  middleware: [gzip]
                  gzip: {encodings: [br, gzip]}
                broadcast: {main: {driver: redis, config: {}}}
                """),
            KNOWN);
    assertThat(start.plugins())
        .containsExactlyInAnyOrder(
            "config", "logger", "http", "acme", "http3", "gzip", "brotli", "broadcast", "redis");
    assertThat(start.notes()).isEmpty();
  }

  @Test
  void aConfigurationThatIsNoneIsRefused() throws Exception {
    assertThatThrownBy(() -> RrYaml.read(file("c.yaml", "a: [b"), KNOWN))
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> RrYaml.read(file("d.yaml", ""), KNOWN))
        .hasMessageContaining("has no sections");
  }

  @Test
  void filesThatAreMadeToHarmAreRefusedOrReadAsFarAsTheyMakeSense() throws Exception {
    String deep = "a: " + "[".repeat(1_000_000);
    assertThatThrownBy(() -> RrYaml.read(file("e.yaml", deep), KNOWN))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("cannot be read");
    String toml = "a = " + "[".repeat(1_000_000);
    assertThatThrownBy(() -> VeloxFile.read(file("e.toml", toml), KNOWN))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> VeloxFile.read(file("f.toml", "plugins = [\"http\"]"), KNOWN))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("names no plugins");
    StartingPoint start =
        RrYaml.read(
            file(
                "f.yaml",
                """
                http: {middleware: [&a [[*a]], gzip, {b: 1}]}
                kv: [1]
                jobs: {pipelines: &p {x: *p, y: {driver: [1]}}}
                """),
            KNOWN);
    assertThat(start.plugins()).contains("http", "gzip", "kv", "jobs");
  }

  @Test
  void presetsHaveNamesAndAnotherIsRefusedWithThem() throws Exception {
    Presets presets = new Presets();
    assertThat(presets.names()).contains("web", "api", "queue", "realtime", "full");
    for (String name : presets.names()) {
      assertThat(presets.plugins(name)).as(name).isNotEmpty().isSorted();
    }
    assertThatThrownBy(() -> presets.plugins("wbe"))
        .hasMessageStartingWith("rr.preset: there is no preset wbe; there are api, full")
        .hasMessageEndingWith("; did you mean web?");
  }
}
