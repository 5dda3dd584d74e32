package dev.rr.operator;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers whose whole body is at hand, for all plain listeners. On the request's loop. */
public final class WholeAnswer {
  private WholeAnswer() {}

  /** Answers with these bytes, whose length is told. */
  public static void send(HttpResponse response, int status, HttpHeaders headers, byte[] body) {
    response.head(status, headers);
    response.write(ByteBuffer.wrap(body));
    response.end();
  }

  /**
   * Answers with a line of plain text.
   *
   * @param headers fields besides the type; changed here
   * @param line without its end
   */
  public static void text(HttpResponse response, int status, HttpHeaders headers, String line) {
    headers
        .set("Content-Type", "text/plain; charset=utf-8")
        .set("X-Content-Type-Options", "nosniff");
    send(response, status, headers, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
