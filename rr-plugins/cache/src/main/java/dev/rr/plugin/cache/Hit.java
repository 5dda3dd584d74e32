package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.HttpDates;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Answers with what is stored. */
final class Hit {
  private Hit() {}

  /**
   * Answers a request, with 304 where its conditions allow it.
   *
   * @param how what {@code Cache-Status} says of it
   */
  static void serve(
      CachedAnswer stored, HttpRequest request, HttpResponse response, Instant now, String how) {
    HttpHeaders headers = stored.headers().copy();
    headers.set("Age", Long.toString(stored.age(now).getSeconds()));
    headers.set("Cache-Status", "rr; " + how + "; ttl=" + stored.freshFor(now).getSeconds());
    if (notModified(stored, request.headers())) {
      headers.remove("Content-Length").remove("Content-Type").remove("Content-Encoding");
      response.head(304, headers);
    } else {
      if (stored.status() != 204) {
        headers.set("Content-Length", Integer.toString(stored.body().length));
      }
      response.head(stored.status(), headers);
      if (stored.body().length > 0 && !request.method().equals("HEAD")) {
        response.write(ByteBuffer.wrap(stored.body()).asReadOnlyBuffer());
      }
    }
    response.end();
  }

  private static boolean notModified(CachedAnswer stored, HttpHeaders asked) {
    if (stored.status() != 200) {
      return false;
    }
    List<String> tags = asked.all("If-None-Match");
    if (!tags.isEmpty()) {
      return stored.etag().map(tag -> holds(tags, tag)).orElse(false);
    }
    Optional<Instant> since =
        Optional.ofNullable(asked.get("If-Modified-Since")).flatMap(HttpDates::parse);
    return since.isPresent()
        && stored.lastModified().map(at -> !at.isAfter(since.get())).orElse(false);
  }

  private static boolean holds(List<String> lines, String tag) {
    return lines.stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::strip)
        .anyMatch(t -> t.equals("*") || opaque(t).equals(opaque(tag)));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
