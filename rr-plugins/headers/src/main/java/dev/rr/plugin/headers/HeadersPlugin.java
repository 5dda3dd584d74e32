package dev.rr.plugin.headers;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Loggers;
import dev.rr.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sets headers on requests and answers, and speaks CORS. */
@Plugin("headers")
@EnabledBy("http.headers")
final class HeadersPlugin implements Middleware {
  private final HttpHeaders request;
  private final HttpHeaders response;
  private final HeadersConfig config;
  private final Loggers loggers;

  HeadersPlugin(HeadersConfig config, Loggers loggers) {
    this.config = config;
    this.loggers = loggers;
    this.request = fields(config.request());
    this.response = fields(config.response());
  }

  /** Header values are bytes on the wire: text beyond ASCII goes out as UTF-8. */
  private static HttpHeaders fields(Map<String, String> map) {
    HttpHeaders fields = new HttpHeaders();
    map.forEach((name, value) ->
        fields.add(
            HeaderNames.canonical(name),
            new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
    return fields;
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    HttpHandler answering = config.cors().isEmpty() ? fixed(next) : cors(next);
    return (incoming, outgoing) -> {
      incoming.headers().addAll(request);
      answering.handle(incoming, outgoing);
    };
  }

  private HttpHandler fixed(HttpHandler next) {
    return response.isEmpty()
        ? next
        : (incoming, outgoing) -> next.handle(incoming, new Added(outgoing, response));
  }

  private HttpHandler cors(HttpHandler next) {
    return new CorsHandler(config.cors().orElseThrow(), response, next, loggers.named("headers"));
  }

  /** Puts fields in front of those of the answer. */
  static final class Added extends ForwardingResponse {
    private final HttpHeaders fields;

    Added(HttpResponse next, HttpHeaders fields) {
      super(next);
      this.fields = fields;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      next.head(status, fields.copy().addAll(headers));
    }
  }
}
