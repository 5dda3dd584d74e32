package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.trace.Span;
import dev.rr.testing.http.RawClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TracedHandlerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final List<String> ended = new CopyOnWriteArrayList<>();

  @Test
  void opensASpanInsideTheLastForEachLinkBehindTheTracingOneAndForHttp() throws Exception {
    try (TestServer server = withLinks("headers", "otel", "gzip", "static").start();
        RawClient client = new RawClient(server.connect())) {
      client.send(GET).readAnswer();
      TestServer.await(() -> ended.size() == 4);
      assertThat(ended)
          .containsExactly("root/gzip/static/http", "root/gzip/static", "root/gzip", "root");
    }
  }

  @Test
  void givesPhpTheInnermostSpan() throws Exception {
    try (TestServer server = withLinks("otel", "gzip").start();
        RawClient client = new RawClient(server.connect())) {
      assertThat(client.send(GET).readAnswer()).contains("\"Traceparent\":[\"root/gzip/http\"]");
    }
  }

  @Test
  void leavesRequestsAloneWhereNothingTraces() throws Exception {
    try (TestServer server = withLinks("headers", "gzip").start();
        RawClient client = new RawClient(server.connect())) {
      assertThat(client.send(GET).readAnswer()).doesNotContain("Traceparent");
      assertThat(ended).isEmpty();
    }
  }

  private TestServer.Builder withLinks(String... names) {
    TestServer.Builder builder = TestServer.with(HttpWorkers.echoingContext());
    for (String name : names) {
      builder.middleware(name, name.equals("otel") ? new Tracing() : next -> next);
    }
    return builder;
  }

  private final class Tracing implements Middleware {
    @Override
    public HttpHandler wrap(HttpHandler next) {
      return (request, response) -> {
        Span root = new FakeSpan("root");
        request.notes().put(Span.NOTE, root);
        response.onClose(root::end);
        next.handle(request, response);
      };
    }

    @Override
    public boolean traces() {
      return true;
    }
  }

  /** Named by its path from the root; tells when it ends. */
  private final class FakeSpan implements Span {
    private final String path;

    FakeSpan(String path) {
      this.path = path;
    }

    @Override
    public Span attribute(String name, String value) {
      return this;
    }

    @Override
    public Span attribute(String name, long value) {
      return this;
    }

    @Override
    public Span rename(String name) {
      return this;
    }

    @Override
    public Span error(String message) {
      return this;
    }

    @Override
    public Span child(String name) {
      return new FakeSpan(path + "/" + name);
    }

    @Override
    public void inject(BiConsumer<String, String> outgoing) {
      outgoing.accept("Traceparent", path);
    }

    @Override
    public void end() {
      ended.add(path);
    }
  }
}
