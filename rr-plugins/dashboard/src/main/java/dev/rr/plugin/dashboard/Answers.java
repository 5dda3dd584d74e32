package dev.rr.plugin.dashboard;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.json.JsonWriter;
import dev.rr.operator.WholeAnswer;
import java.util.Map;

/** Whole answers, with what keeps other sites out of every one of them. On the request's loop. */
final class Answers {
  /** The type of plain text. */
  static final String TEXT = "text/plain; charset=utf-8";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private Answers() {}

  /** Header fields for an answer of this type. */
  static HttpHeaders headers(String type) {
    return new HttpHeaders()
        .set("Content-Type", type)
        .set("Content-Security-Policy", POLICY)
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        // With no-referrer a form would be sent with the origin null.
        .set("Referrer-Policy", "same-origin")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Cache-Control", "no-store");
  }

  static void text(HttpResponse response, int status, String text) {
    WholeAnswer.text(response, status, headers(TEXT), text);
  }

  static void json(HttpResponse response, int status, Map<String, ?> body) {
    WholeAnswer.send(response, status, headers("application/json"), JsonWriter.write(body));
  }
}
