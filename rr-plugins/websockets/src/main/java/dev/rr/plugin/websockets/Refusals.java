package dev.rr.plugin.websockets;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers in HTTP to who is not let in. On the request's loop. */
final class Refusals {
  private Refusals() {}

  static void send(HttpResponse response, int status, String text) {
    send(
        response,
        status,
        text.isEmpty()
            ? new HttpHeaders()
            : new HttpHeaders().set("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpResponse response, int status, HttpHeaders headers, byte[] body) {
    response.head(status, headers.set("Content-Length", String.valueOf(body.length)));
    if (body.length > 0) {
      response.write(ByteBuffer.wrap(body));
    }
    response.end();
  }

  /** What PHP says to who may not connect; a status that is none of an answer becomes 403. */
  static void send(HttpResponse response, Authorizer.Verdict verdict) {
    boolean isFinal = verdict.status() >= 200 && verdict.status() <= 599;
    boolean empty = verdict.status() == 204 || verdict.status() == 304;
    send(
        response,
        isFinal ? verdict.status() : 403,
        verdict.headers(),
        empty ? new byte[0] : verdict.body());
  }
}
