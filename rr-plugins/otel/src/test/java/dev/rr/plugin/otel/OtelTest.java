package dev.rr.plugin.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.trace.Span;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
          provider.get("test"),
          TextMapPropagator.composite(
              W3CTraceContextPropagator.getInstance(),
              W3CBaggagePropagator.getInstance(),
              JaegerPropagator.getInstance()));

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
    assertThat(new Exporters(config("otlp", "", "c:4318", true, Map.of()), Map.of()).url())
        .isEqualTo("http://c:4318/v1/traces");
    assertThat(new Exporters(config("otlp", "grpc", "c:4317", false, Map.of()), Map.of()).url())
        .isEqualTo("https://c:4317");
    Map<String, String> env =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://e:1/", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThat(new Exporters(config("otlp", "", "", false, Map.of()), env).url())
        .isEqualTo("http://e:1/");
    assertThat(new Exporters(config("otlp", "http", "", false, Map.of()), env).url())
        .isEqualTo("http://e:1/v1/traces");
  }

  @Test
  void refusesExportersThatAreNoMore() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("jaeger", "", "", false, Map.of()))
        .withMessageContaining("otlp, stdout or stderr");
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
                    new Exporters(
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
  void writesSpansAsJsonToAStream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SdkTracerProvider writing =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                SimpleSpanProcessor.create(
                    new Exporters(config("stdout", "", "", false, Map.of()), Map.of())
                        .make(out, System.err)))
            .build()) {
      writing.get("test").spanBuilder("written").startSpan().end();
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"name\":\"written\"");
  }
}
