package dev.rr.plugin.gzip;

import dev.rr.annotation.Plugin;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;

/** Compresses answers. */
@Plugin("gzip")
final class GzipPlugin implements Middleware {
  private final GzipConfig config;

  GzipPlugin(GzipConfig config) {
    this.config = config;
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return (request, response) -> {
      boolean compress =
          !request.method().equals("HEAD")
              && AcceptEncoding.accepts(request.headers().all("Accept-Encoding"), "gzip");
      next.handle(request, new GzipResponse(request, response, config, compress));
    };
  }
}
