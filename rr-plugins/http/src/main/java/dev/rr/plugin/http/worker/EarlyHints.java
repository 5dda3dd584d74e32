package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.util.Map;

/**
 * What became of {@code Http2-Push}: browsers no longer take pushes, they take a 103 with preload
 * links. Older HTTP/1.1 clients may trip over a 103, so it goes to HTTP/2 and later only.
 */
final class EarlyHints {
  private static final String PUSH = "Http2-Push";
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("css", "style"),
          Map.entry("js", "script"),
          Map.entry("mjs", "script"),
          Map.entry("woff", "font"),
          Map.entry("woff2", "font"),
          Map.entry("png", "image"),
          Map.entry("jpg", "image"),
          Map.entry("jpeg", "image"),
          Map.entry("gif", "image"),
          Map.entry("svg", "image"),
          Map.entry("webp", "image"),
          Map.entry("avif", "image"));

  private EarlyHints() {}

  /**
   * Takes {@code Http2-Push} out of {@code headers} and sends its paths ahead where the client can
   * use them.
   */
  static void send(HttpRequest request, HttpResponse response, HttpHeaders headers) {
    if (!headers.contains(PUSH)) {
      return;
    }
    HttpHeaders hints = new HttpHeaders();
    for (String path : headers.all(PUSH)) {
      hints.add("Link", link(path.strip()));
    }
    // Meant for this server, not for the client: it never goes out, whether hints are sent or not.
    headers.remove(PUSH);
    if (!request.protocol().startsWith("HTTP/1")) {
      response.interim(103, hints);
    }
  }

  private static String link(String path) {
    String kind = KINDS.get(path.substring(path.lastIndexOf('.') + 1));
    String as = kind == null ? "" : "; as=" + kind + (kind.equals("font") ? "; crossorigin" : "");
    return "<" + path.replace(">", "%3E") + ">; rel=preload" + as;
  }
}
