package dev.rr.plugin.sample;

import dev.rr.annotation.Plugin;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.Middleware;

/** Sets a header on every answer. {@code http.middleware} switches it on. */
@Plugin("sample")
final class SamplePlugin implements Middleware {
  static final String HEADER = "X-Sample";

  private final SampleConfig config;

  SamplePlugin(SampleConfig config) {
    this.config = config;
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return (request, response) -> next.handle(request, new Marked(response));
  }

  private final class Marked extends ForwardingResponse {
    Marked(HttpResponse response) {
      super(response);
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      super.head(status, headers.set(HEADER, config.text()));
    }
  }
}
