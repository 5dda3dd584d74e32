package dev.rr.plugin.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.trace.Span;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.JaegerPropagator;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OtelTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final List<SpanData> ended = new ArrayList<>();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .addSpanProcessor(
              SimpleSpanProcessor.create(
                  new SpanExporter() {
                    @Override
                    public CompletableResultCode export(Collection<SpanData> spans) {
                      ended.addAll(spans);
                      return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode flush() {
                      return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode shutdown() {
                      return CompletableResultCode.ofSuccess();
                    }
                  }))
          .build();
  private final OtelTracer tracer =
      new OtelTracer(
          TextMapPropagator.composite(
              W3CTraceContextPropagator.getInstance(),
              W3CBaggagePropagator.getInstance(),
              JaegerPropagator.getInstance()));

  OtelTest() {
    tracer.use(provider.get("test"));
  }

  private static Exporters exporters(OtelConfig config, Map<String, String> env) {
    return new Exporters(config, new FakeHost(Path.of(""), env));
  }

  private static OtelConfig config(
      String exporter,
      String client,
      String endpoint,
      boolean insecure,
      Map<String, String> headers) {
    OtelConfig.Resource nobody = new OtelConfig.Resource("", "", "", "");
    return new OtelConfig(exporter, client, endpoint, insecure, false, "", headers, nobody, "", "");
  }

  private void handle(FakeRequest request, HttpHandler application) {
    new OtelMiddleware(tracer, application).handle(request, new FakeResponse());
  }

  private static HttpHandler answering(int status) {
    return (request, response) -> {
      response.head(status, new HttpHeaders());
      response.end();
    };
  }

  @Test
  void continuesTheCallersTraceAndPassesItOnToTheApplication() {
    FakeRequest request =
        FakeRequest.get("/a?b=c").header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");

    handle(request, answering(200));

    SpanData span = ended.get(0);
    assertThat(span.getName()).isEqualTo("/a?b=c");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(request.headers().all("traceparent"))
        .containsExactly("00-" + TRACE + "-" + span.getSpanId() + "-01");
    assertThat(request.headers().get("uber-trace-id")).startsWith(TRACE + ":" + span.getSpanId());
  }

  @Test
  void marksServerErrorsAndNotesTheStatus() {
    handle(FakeRequest.get("/"), answering(503));
    handle(FakeRequest.get("/"), answering(404));

    assertThat(ended.get(0).getStatus())
        .isEqualTo(StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, ""));
    assertThat(ended.get(1).getStatus()).isEqualTo(StatusData.unset());
    assertThat(ended.get(1).getAttributes().asMap().values()).contains(404L, "GET", "http");
  }

  @Test
  void letsLaterMiddlewareOpenSpansBelow() {
    handle(
        FakeRequest.get("/"),
        (request, response) -> {
          Span span = (Span) request.notes().get(Span.NOTE);
          assertThat(span).isNotNull();
          if (span != null) {
            span.child("gzip").end();
          }
          response.head(200, new HttpHeaders());
          response.end();
        });

    assertThat(ended).extracting(SpanData::getName).containsExactly("gzip", "/");
    assertThat(ended.get(0).getParentSpanId()).isEqualTo(ended.get(1).getSpanId());
  }

  @Test
  void endsTheSpanOnlyWhenTheAnswerHasEnded() {
    handle(FakeRequest.get("/"), (request, response) -> {});

    assertThat(ended).isEmpty();
  }

  @Test
  void choosesAnEndpointAsUpstreamDoes() {
    assertThat(exporters(config("otlp", "", "c:4318", true, Map.of()), Map.of()).url())
        .isEqualTo("http://c:4318/v1/traces");
    assertThat(exporters(config("otlp", "grpc", "c:4317", false, Map.of()), Map.of()).url())
        .isEqualTo("https://c:4317");
    Map<String, String> env =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://e:1/", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThat(exporters(config("otlp", "", "", false, Map.of()), env).url())
        .isEqualTo("http://e:1/");
    assertThat(exporters(config("otlp", "http", "", false, Map.of()), env).url())
        .isEqualTo("http://e:1/v1/traces");
  }

  @Test
  void refusesExportersThatAreNoMore() {
    assertThat(FoundProblems.of(config("jaeger", "", "", false, Map.of()), "otel"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("otlp, stdout or stderr");
  }

  @Test
  void sendsSpansToACollectorWithTheConfiguredHeaders() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 8);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(
              exchange.getRequestHeaders().getFirst("X-Key")
                  + " "
                  + new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "127.0.0.1:" + collector.getAddress().getPort();
    try (SdkTracerProvider exporting =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                SimpleSpanProcessor.create(
                    exporters(
                            config("otlp", "http", endpoint, true, Map.of("x-key", "secret")),
                            Map.of())
                        .make(System.out, System.err)))
            .build()) {
      exporting.get("test").spanBuilder("seen by the collector").startSpan().end();

      assertThat(received.poll(10, TimeUnit.SECONDS))
          .startsWith("secret ")
          .contains("seen by the collector");
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void writesSpansAsJsonToAStream() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SdkTracerProvider writing =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                SimpleSpanProcessor.create(
                    exporters(config("stdout", "", "", false, Map.of()), Map.of())
                        .make(out, System.err)))
            .build()) {
      writing.get("test").spanBuilder("written").startSpan().end();
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"name\":\"written\"");
  }

  @Test
  void passesEveryFormOfTheTraceOnUnderTheNamesPhpKnows() {
    FakeRequest request =
        FakeRequest.get("/")
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
            .header("tracestate", "a=b,c=d")
            .header("baggage", "k=v")
            .header("baggage", "k2=v2");

    handle(request, answering(200));

    String span = ended.get(0).getSpanId();
    assertThat(request.headers().toString())
        .isEqualTo(
            """
            Host: example.com
            Traceparent: 00-%s-%s-01
            Tracestate: a=b,c=d
            Baggage: k=v,k2=v2
            Uber-Trace-Id: %s:%s:0:1
            """
                .formatted(TRACE, span, TRACE, span));
  }

  @Test
  void continuesATraceInJaegersForm() {
    handle(
        FakeRequest.get("/").header("Uber-Trace-Id", TRACE + ":b7ad6b7169203331:0:1"),
        answering(200));

    assertThat(ended.get(0).getTraceId()).isEqualTo(TRACE);
    assertThat(ended.get(0).getParentSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void beginsATraceOfItsOwnWhereTheCallersCannotBeRead() {
    for (String bad :
        List.of("zz", "ff-" + TRACE + "-b7ad6b7169203331-01", "00-" + "0".repeat(32) + "-1-01")) {
      FakeRequest request = FakeRequest.get("/").header("traceparent", bad);
      handle(request, answering(200));
      assertThat(request.headers().all("traceparent")).hasSize(1).doesNotContain(bad);
    }
    assertThat(ended).hasSize(3).noneMatch(span -> span.getTraceId().equals(TRACE));
  }

  @Test
  void exportsNothingOfATraceThatItsCallerDoesNotKeep() {
    FakeRequest request =
        FakeRequest.get("/").header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-00");

    handle(request, answering(200));

    assertThat(ended).isEmpty();
    assertThat(request.headers().get("traceparent", "")).startsWith("00-" + TRACE).endsWith("-00");
  }

  @Test
  void tellsUtf8AsText() {
    String target =
        new String("/w\u00f6?q".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    handle(FakeRequest.get(target).header("User-Agent", target), answering(200));

    assertThat(ended.get(0).getName()).isEqualTo("/w\u00f6?q");
    assertThat(ended.get(0).getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("url.path"), "/w\u00f6")
        .containsEntry(AttributeKey.stringKey("user_agent.original"), "/w\u00f6?q");
  }

  @Test
  void describesTheRequest() {
    FakeRequest request = FakeRequest.of("POST", "/a?b=c").header("User-Agent", "curl");
    request.headers().set("Host", "[::1]:8443");

    handle(request, answering(200));

    assertThat(ended.get(0).getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("http.request.method"), "POST")
        .containsEntry(AttributeKey.stringKey("url.path"), "/a")
        .containsEntry(AttributeKey.stringKey("url.scheme"), "http")
        .containsEntry(AttributeKey.stringKey("server.address"), "[::1]")
        .containsEntry(AttributeKey.longKey("server.port"), 8443L)
        .containsEntry(AttributeKey.stringKey("client.address"), "127.0.0.1")
        .containsEntry(AttributeKey.stringKey("network.peer.address"), "127.0.0.1")
        .containsEntry(AttributeKey.longKey("network.peer.port"), 50_000L)
        .containsEntry(AttributeKey.stringKey("network.protocol.version"), "1.1")
        .containsEntry(AttributeKey.stringKey("user_agent.original"), "curl");
  }

  @Test
  void marksAnAnswerThatWasBrokenOff() {
    handle(
        FakeRequest.get("/"),
        (request, response) -> response.abort(new IllegalStateException("worker died")));

    assertThat(ended.get(0).getStatus())
        .isEqualTo(StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, "worker died"));
    assertThat(ended.get(0).getEvents())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getName()).isEqualTo("exception");
          assertThat(event.getAttributes().get(AttributeKey.stringKey("exception.message")))
              .isEqualTo("worker died");
        });
  }

  @Test
  void letsTheVariablesSayWhichTracesAreKept() {
    assertThat(Sampling.of(Map.of()).getDescription()).startsWith("ParentBased{root:AlwaysOn");
    assertThat(Sampling.of(Map.of("OTEL_TRACES_SAMPLER", "always_off")).getDescription())
        .isEqualTo("AlwaysOffSampler");
    assertThat(
            Sampling.of(
                    Map.of(
                        "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
                        "OTEL_TRACES_SAMPLER_ARG", "0.25"))
                .getDescription())
        .contains("TraceIdRatioBased{0.25");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.of(Map.of("OTEL_TRACES_SAMPLER", "sometimes")))
        .withMessageContaining("OTEL_TRACES_SAMPLER is `sometimes`; allowed are always_on");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Sampling.of(
                Map.of("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "2")))
        .withMessage("OTEL_TRACES_SAMPLER_ARG is `2`; allowed is a number from 0 to 1");
  }

  @Test
  void letsTheVariablesSayHowSpansWait() {
    assertThat(Batches.of(Map.of()))
        .isEqualTo(new Batches(Duration.ofSeconds(5), Duration.ofSeconds(30), 2048, 512));
    assertThat(Batches.of(Map.of("OTEL_BSP_MAX_QUEUE_SIZE", "10", "OTEL_BSP_SCHEDULE_DELAY", "7")))
        .isEqualTo(new Batches(Duration.ofMillis(7), Duration.ofSeconds(30), 10, 10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.of(Map.of("OTEL_BSP_MAX_QUEUE_SIZE", "many")))
        .withMessage("OTEL_BSP_MAX_QUEUE_SIZE is `many`; allowed is a whole number from 1");
  }
}
