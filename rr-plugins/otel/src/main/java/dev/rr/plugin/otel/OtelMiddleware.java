package dev.rr.plugin.otel;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens a server span for each request and hands it on: to later middleware by a note, to the
 * application by headers.
 */
final class OtelMiddleware implements HttpHandler {
  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[^\\]]*\\]|[^:]+)(:(?<port>[0-9]{1,5}))?");

  private final Tracer tracer;
  private final HttpHandler next;

  OtelMiddleware(Tracer tracer, HttpHandler next) {
    this.tracer = tracer;
    this.next = next;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    HttpHeaders headers = request.headers();
    String target = HttpText.of(request.target());
    Span span =
        tracer
            .begin(target, Tracer.Kind.SERVER, name -> incoming(headers, name))
            .attribute("http.request.method", request.method())
            .attribute("url.scheme", request.scheme())
            .attribute("url.path", path(target))
            .attribute("client.address", request.remoteAddress())
            .attribute("network.protocol.version", request.protocol().replace("HTTP/", ""));
    describe(request, span);
    request.notes().put(Span.NOTE, span);
    span.inject(headers::set);
    response.onClose(span::end);
    next.handle(request, new Observed(response, span));
  }

  /** What only some requests have. */
  private static void describe(HttpRequest request, Span span) {
    Matcher host = HOST.matcher(request.host());
    if (host.matches()) {
      span.attribute("server.address", host.group("name"));
      if (host.group("port") != null) {
        span.attribute("server.port", Long.parseLong(host.group("port")));
      }
    }
    if (request.peer() instanceof InetSocketAddress peer && peer.getAddress() != null) {
      span.attribute("network.peer.address", peer.getAddress().getHostAddress());
      span.attribute("network.peer.port", peer.getPort());
    }
    String agent = request.headers().get("User-Agent", "");
    if (!agent.isEmpty()) {
      span.attribute("user_agent.original", HttpText.of(agent));
    }
  }

  /** Baggage may come in several lines. */
  private static @Nullable String incoming(HttpHeaders headers, String name) {
    return name.equals("baggage") && headers.contains(name)
        ? String.join(",", headers.all(name))
        : headers.get(name);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static final class Observed extends ForwardingResponse {
    private final Span span;

    Observed(HttpResponse next, Span span) {
      super(next);
      this.span = span;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      span.attribute("http.response.status_code", status);
      if (status >= 500) {
        span.error("");
      }
      super.head(status, headers);
    }

    @Override
    public void abort(Throwable cause) {
      span.error(String.valueOf(cause.getMessage()));
      super.abort(cause);
    }
  }
}
