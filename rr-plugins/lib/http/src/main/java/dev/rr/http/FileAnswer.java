package dev.rr.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.ByteRanges.Part;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Answers a request with a file: conditional requests, ranges, and the body as file parts, so that
 * a plain connection sends it without copying. Follows RFC 9110 in the order of Go's server. Call
 * it on the request's event loop.
 *
 * @param file the file
 * @param size its length in bytes
 * @param modified when it was last changed
 */
public record FileAnswer(Path file, long size, Instant modified) {
  private static final String CONTENT_TYPE = "Content-Type";

  /**
   * Answers.
   *
   * @param headers fields of the answer; {@code Content-Type} and any {@code ETag} among them
   */
  public void send(HttpRequest request, HttpResponse response, HttpHeaders headers) {
    if (modified.getEpochSecond() > 0) {
      headers.set("Last-Modified", HttpDates.format(modified));
    }
    boolean reading = request.method().equals("GET") || request.method().equals("HEAD");
    String etag = headers.get("ETag", "");
    switch (precondition(request.headers(), etag, reading)) {
      case FAILED -> finish(response, 412, headers);
      case UNCHANGED -> {
        headers.remove(CONTENT_TYPE).remove("Content-Length").remove("Content-Encoding");
        if (!etag.isEmpty()) {
          headers.remove("Last-Modified");
        }
        finish(response, 304, headers);
      }
      case PASSED -> sendContent(request, response, headers, etag);
    }
  }

  private void sendContent(
      HttpRequest request, HttpResponse response, HttpHeaders headers, String etag) {
    headers.set("Accept-Ranges", "bytes");
    // An empty file has no part that could be asked for.
    boolean ranged = size > 0 && rangeWanted(request.headers(), etag);
    String range = ranged ? request.headers().get("Range", "") : "";
    List<Part> parts = ByteRanges.parse(range, size);
    if (parts == null) {
      headers.set("Content-Range", "bytes */" + size);
      headers.set(CONTENT_TYPE, "text/plain; charset=utf-8");
      headers.remove("ETag").remove("Last-Modified").remove("Cache-Control");
      finish(response, 416, headers);
      return;
    }
    long asked = parts.stream().mapToLong(Part::length).sum();
    boolean bodyWanted = !request.method().equals("HEAD");
    // Overlapping ranges may ask for more bytes than the file has; then the whole file is sent.
    if (parts.isEmpty() || asked > size) {
      whole(response, headers, bodyWanted);
    } else if (parts.size() == 1) {
      single(response, headers, parts.get(0), bodyWanted);
    } else {
      multiple(response, headers, parts, bodyWanted);
    }
  }

  private void whole(HttpResponse response, HttpHeaders headers, boolean bodyWanted) {
    headers.set("Content-Length", Long.toString(size));
    response.head(200, headers);
    if (bodyWanted && size > 0) {
      response.file(file, 0, size, () -> {});
    }
    response.end();
  }

  private void single(HttpResponse response, HttpHeaders headers, Part part, boolean bodyWanted) {
    headers.set("Content-Range", part.contentRange(size));
    headers.set("Content-Length", Long.toString(part.length()));
    response.head(206, headers);
    if (bodyWanted && part.length() > 0) {
      response.file(file, part.start(), part.length(), () -> {});
    }
    response.end();
  }

  private void multiple(
      HttpResponse response, HttpHeaders headers, List<Part> parts, boolean bodyWanted) {
    String boundary = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    String type = headers.get(CONTENT_TYPE, "application/octet-stream");
    List<byte[]> openings =
        parts.stream()
            .map(p ->
                "\r\n--"
                    + boundary
                    + "\r\nContent-Range: "
                    + p.contentRange(size)
                    + "\r\nContent-Type: "
                    + type
                    + "\r\n\r\n")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    byte[] closing = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    long length =
        closing.length
            + openings.stream().mapToLong(o -> o.length).sum()
            + parts.stream().mapToLong(Part::length).sum();
    headers.set(CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
    headers.set("Content-Length", Long.toString(length));
    response.head(206, headers);
    if (bodyWanted) {
      for (int i = 0; i < parts.size(); i++) {
        response.write(ByteBuffer.wrap(openings.get(i)));
        response.file(file, parts.get(i).start(), parts.get(i).length(), () -> {});
      }
      response.write(ByteBuffer.wrap(closing));
    }
    response.end();
  }

  private static void finish(HttpResponse response, int status, HttpHeaders headers) {
    response.head(status, headers);
    response.end();
  }

  private enum Outcome {
    PASSED,
    UNCHANGED,
    FAILED
  }

  private Outcome precondition(HttpHeaders asked, String etag, boolean reading) {
    String ifMatch = asked.get("If-Match", "");
    if (!ifMatch.isEmpty()) {
      if (!matches(ifMatch, etag, true)) {
        return Outcome.FAILED;
      }
    } else if (date(asked, "If-Unmodified-Since").map(this::changedSince).orElse(false)) {
      return Outcome.FAILED;
    }
    String ifNoneMatch = asked.get("If-None-Match", "");
    if (!ifNoneMatch.isEmpty()) {
      if (matches(ifNoneMatch, etag, false)) {
        return reading ? Outcome.UNCHANGED : Outcome.FAILED;
      }
    } else if (reading
        && date(asked, "If-Modified-Since").map(since -> !changedSince(since)).orElse(false)) {
      return Outcome.UNCHANGED;
    }
    return Outcome.PASSED;
  }

  private boolean rangeWanted(HttpHeaders asked, String etag) {
    String ifRange = asked.get("If-Range", "");
    if (ifRange.isEmpty()) {
      return true;
    }
    if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
      return matches(ifRange, etag, true);
    }
    return HttpDates.parse(ifRange)
        .map(at -> at.equals(modified.truncatedTo(ChronoUnit.SECONDS)))
        .orElse(false);
  }

  private boolean changedSince(Instant since) {
    return modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
  }

  private Optional<Instant> date(HttpHeaders asked, String name) {
    String text = asked.get(name);
    return text == null || modified.getEpochSecond() <= 0
        ? Optional.empty()
        : HttpDates.parse(text);
  }

  /** Whether a list of entity tags, or {@code *}, holds {@code etag}. */
  private static boolean matches(String list, String etag, boolean strong) {
    for (String item : list.split(",")) {
      String tag = item.strip();
      if (tag.equals("*")) {
        return true;
      }
      if (etag.isEmpty() || strong && (tag.startsWith("W/") || etag.startsWith("W/"))) {
        continue;
      }
      if (opaque(tag).equals(opaque(etag))) {
        return true;
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
