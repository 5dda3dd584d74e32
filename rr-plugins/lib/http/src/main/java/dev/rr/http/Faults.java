package dev.rr.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers that this server gives by itself. */
public final class Faults {
  private Faults() {}

  /** Answers a client's fault in its own words. */
  public static void answer(HttpResponse response, HttpFault fault) {
    String text = fault.getMessage();
    answer(response, fault.status(), text == null ? "" : text);
  }

  /** Answers with a line of plain text, or without a body when {@code text} is empty. */
  public static void answer(HttpResponse response, int status, String text) {
    HttpHeaders headers = new HttpHeaders();
    if (!text.isEmpty()) {
      headers
          .add("Content-Type", "text/plain; charset=utf-8")
          .add("X-Content-Type-Options", "nosniff");
    }
    response.head(status, headers);
    if (!text.isEmpty()) {
      response.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    response.end();
  }
}
