package com.example;

import dev.rr.annotation.Plugin;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.Middleware;

@Plugin("teapot")
final class Teapot implements Middleware {
  @Override
  public HttpHandler wrap(HttpHandler next) {
    return (request, response) ->
        next.handle(
            request,
            new ForwardingResponse(response) {
              @Override
              public void head(int status, HttpHeaders headers) {
                super.head(status, headers.set("X-Teapot", request.method()));
              }
            });
  }
}
