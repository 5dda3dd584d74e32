package dev.rr.plugin.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.otel.Exported.Span;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin from its start to its stop, beside a collector. */
class OtelPluginTest {
  private static final OtelConfig.Resource NOBODY = new OtelConfig.Resource("", "", "", "");
  private static final Map<String, String> AT_ONCE = Map.of("OTEL_BSP_SCHEDULE_DELAY", "10");

  private final RecordingLog log = new RecordingLog();

  private static OtelConfig to(String client, String endpoint) {
    return new OtelConfig("otlp", client, endpoint, true, false, "", Map.of(), NOBODY, "", "");
  }

  private OtelPlugin plugin(OtelConfig config, Map<String, String> env) {
    return new OtelPlugin(
        config,
        new Rr2Config(Optional.empty()),
        new FakeConfigurer("otel"),
        new FakeHost(Path.of("").toAbsolutePath(), env),
        name -> log);
  }

  private OtelPlugin started(OtelConfig config, Map<String, String> env) throws Exception {
    OtelPlugin plugin = plugin(config, env);
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    return plugin;
  }

  private static void request(OtelPlugin plugin, int status) {
    HttpHandler application =
        (request, response) -> {
          response.head(status, new HttpHeaders());
          response.end();
        };
    plugin.wrap(application).handle(FakeRequest.get("/a?b=c"), new FakeResponse());
  }

  @Test
  void exportsOverHttpWithWhatTheSectionSays() throws Exception {
    OtelConfig.Resource resource = new OtelConfig.Resource("shop", "2.0", "front", "one");
    try (Collector collector = Collector.http()) {
      OtelConfig config =
          new OtelConfig(
              "otlp",
              "http",
              collector.address(),
              true,
              true,
              "x/y",
              Map.of("My-Key", "secret"),
              resource,
              "",
              "");
      OtelPlugin plugin = started(config, AT_ONCE);
      request(plugin, 503);
      Collector.Request export = collector.next();
      plugin.stop(Deadline.after(Duration.ofSeconds(5)));

      assertThat(export.path()).isEqualTo("/x/y");
      assertThat(export.headers())
          .containsEntry("my-key", "secret")
          .containsEntry("content-encoding", "gzip")
          .containsEntry("content-type", "application/x-protobuf");
      assertThat(export.content().resource())
          .containsEntry("service.name", "shop")
          .containsEntry("service.version", "2.0")
          .containsEntry("service.namespace", "front")
          .containsEntry("service.instance.id", "one")
          .containsEntry("webengine.name", "RoadRunner")
          .containsEntry("webengine.version", "1.2.3")
          .containsKeys("os.name", "host.arch", "telemetry.sdk.language");
      Span span = export.content().spans().getFirst();
      assertThat(span.name()).isEqualTo("/a?b=c");
      assertThat(span.kind()).as("server").isEqualTo(2);
      assertThat(span.status()).as("error").isEqualTo(2);
      assertThat(span.parent()).isEmpty();
      assertThat(span.attributes())
          .containsEntry("http.response.status_code", "503")
          .containsEntry("url.path", "/a");
    }
    assertThat(log.records()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc"})
  void bearsEveryOrderOfStartAndStop(String client) throws Exception {
    OtelConfig config = to(client, "127.0.0.1:1");
    LifecycleContract.holds(
        () -> plugin(config, Map.of()),
        () -> plugin(config, Map.of("OTEL_BSP_SCHEDULE_DELAY", "soon")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exportsOverGrpc(boolean compress) throws Exception {
    try (Collector collector = Collector.grpc()) {
      OtelConfig config =
          new OtelConfig(
              "otlp",
              "grpc",
              collector.address(),
              true,
              compress,
              "",
              Map.of("my-key", "secret"),
              NOBODY,
              "old name",
              "3.0");
      OtelPlugin plugin = started(config, AT_ONCE);
      request(plugin, 200);
      Collector.Request export = collector.next();
      plugin.stop(Deadline.after(Duration.ofSeconds(5)));

      assertThat(export.path())
          .isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
      assertThat(export.headers())
          .containsEntry("my-key", "secret")
          .containsEntry("content-type", "application/grpc");
      assertThat(export.content().resource())
          .containsEntry("service.name", "old name")
          .containsEntry("service.version", "3.0");
      assertThat(export.content().resource().get("service.namespace")).startsWith("old name-");
      assertThat(export.content().spans()).extracting(Span::name).containsExactly("/a?b=c");
    }
    assertThat(log.records()).isEmpty();
  }

  @Test
  void followsTheVariablesWhereTheSectionIsSilent() throws Exception {
    try (Collector collector = Collector.grpc()) {
      Map<String, String> env = new TreeMap<>(AT_ONCE);
      env.put("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc");
      env.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://" + collector.address());
      env.put("OTEL_EXPORTER_OTLP_HEADERS", "my-key=a%20b, other=c");
      env.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
      env.put("OTEL_SERVICE_NAME", "from outside");
      env.put("OTEL_RESOURCE_ATTRIBUTES", "team=blue,service.name=not this");
      OtelPlugin plugin = started(to("", ""), env);
      request(plugin, 200);
      Collector.Request export = collector.next();
      plugin.stop(Deadline.after(Duration.ofSeconds(5)));

      assertThat(export.headers())
          .containsEntry("my-key", "a b")
          .containsEntry("other", "c")
          .containsEntry("grpc-encoding", "gzip");
      assertThat(export.content().resource())
          .containsEntry("service.name", "from outside")
          .containsEntry("service.version", "1.0.0")
          .containsEntry("team", "blue");
    }
  }

  @Test
  void sendsWhatWaitsWhenItStops() throws Exception {
    try (Collector collector = Collector.http()) {
      OtelPlugin plugin = started(to("http", collector.address()), Map.of());
      for (int i = 0; i < 700; i++) {
        request(plugin, 200);
      }
      plugin.stop(Deadline.after(Duration.ofSeconds(10)));

      int spans = 0;
      while (spans < 700) {
        spans += collector.next().content().spans().size();
      }
      assertThat(spans).isEqualTo(700);
    }
  }

  @Test
  @Timeout(60)
  void aCollectorThatIsDownHarmsNoRequestAndIsMentionedOnce() throws Exception {
    int free = TestServer.freePort();
    Map<String, String> env = new TreeMap<>(AT_ONCE);
    env.put("OTEL_BSP_MAX_QUEUE_SIZE", "100");
    OtelPlugin plugin = started(to("http", "127.0.0.1:" + free), env);
    for (int i = 0; i < 5_000; i++) {
      request(plugin, 200);
    }
    Await.until("a warning", () -> !log.records().isEmpty());
    request(plugin, 200);
    long began = System.nanoTime();
    plugin.stop(Deadline.after(Duration.ofSeconds(2)));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    assertThat(log.with("spans do not reach the collector"))
        .hasSize(1)
        .first()
        .asString()
        .contains("http://127.0.0.1:" + free + "/v1/traces");
  }

  @Test
  @Timeout(60)
  void aCollectorThatNeverAnswersDoesNotHoldTheStopUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      OtelPlugin plugin = started(to("http", "127.0.0.1:" + silent.getLocalPort()), AT_ONCE);
      request(plugin, 200);
      long began = System.nanoTime();
      plugin.stop(Deadline.after(Duration.ofSeconds(1)));

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
      assertThat(log.with("not every span reached the collector")).hasSize(1);
    }
  }

  @Test
  void readsTheSectionWhereRoadRunner2HadIt() throws Exception {
    try (Collector collector = Collector.http()) {
      OtelConfig empty = new OtelConfig("otlp", "", "", false, false, "", Map.of(), NOBODY, "", "");
      OtelPlugin plugin =
          new OtelPlugin(
              empty,
              new Rr2Config(Optional.of(to("http", collector.address()))),
              new FakeConfigurer("http.otel"),
              new FakeHost(Path.of("").toAbsolutePath(), AT_ONCE),
              name -> log);
      assertThat(FoundProblems.of(plugin)).isEmpty();
      plugin.start();
      request(plugin, 200);
      collector.next();
      plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    }
    assertThat(log.records())
        .containsExactly("WARN http.otel is read as otel; write it as a section of its own []");
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() throws Exception {
    Map<String, String> env =
        Map.of(
            "OTEL_TRACES_SAMPLER", "often",
            "OTEL_BSP_MAX_QUEUE_SIZE", "-1",
            "OTEL_EXPORTER_OTLP_CERTIFICATE", "none.pem");

    assertThat(FoundProblems.of(plugin(to("http", "::"), env)))
        .containsExactly(
            "otel.endpoint: `http://::/v1/traces` is no address of a collector; allowed are"
                + " host:port and http://host:port",
            "otel: OTEL_EXPORTER_OTLP_CERTIFICATE is `none.pem`, which does not exist or cannot be"
                + " read",
            "otel: OTEL_TRACES_SAMPLER is `often`; allowed are always_on, always_off, traceidratio,"
                + " and each of them after parentbased_",
            "otel: OTEL_BSP_MAX_QUEUE_SIZE is `-1`; allowed is a whole number from 1");
  }

  @Test
  void namesEveryWordThatItDoesNotKnow() {
    OtelConfig config =
        new OtelConfig("zipkin", "udp", "", true, false, "", Map.of(), NOBODY, "", "");
    assertThat(FoundProblems.of(config, "otel"))
        .containsExactly(
            "otel.exporter: unknown exporter: `zipkin`; it has to be otlp, stdout or stderr; zipkin"
                + " itself takes otlp",
            "otel.client: unknown client: `udp`; it has to be http or grpc");
  }
}
