package dev.rr.plugin.fileserver;

import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.HeaderLists;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides what is compressed. A compressor holds a quarter of a megabyte until its client has taken
 * everything, so only so many are at work at once; beyond them files are sent as they are. Any
 * thread.
 */
final class Compression {
  /** Bytes below which compressing gains nothing; upstream's. */
  private static final int MIN_LENGTH = 200;

  /** Compressors at once, some 16 MiB. */
  static final int MOST = 64;

  /** The coding, unless its weight is zero. */
  private static final Pattern GZIP = Pattern.compile("gzip(?!\\s*;\\s*q=0(\\.0*)?$)(\\s*;.*)?");

  private final AtomicInteger running = new AtomicInteger();

  /** Whether an answer with this file is to be compressed. */
  boolean applies(HttpRequest request, String type, long size) {
    return size >= MIN_LENGTH
        && isText(type)
        && takesGzip(request.headers().all("Accept-Encoding"))
        && !request.headers().contains("Range")
        && !HeaderLists.has(request.headers(), "Cache-Control", "no-transform")
        && running.get() < MOST;
  }

  private static boolean isText(String type) {
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/wasm")
        || type.contains("+json")
        || type.contains("xml");
  }

  private static boolean takesGzip(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .anyMatch(coding -> GZIP.matcher(coding).matches());
  }

  /** An answer that compresses the file it is given. */
  HttpResponse of(HttpRequest request, HttpResponse response) {
    running.incrementAndGet();
    response.onClose(running::decrementAndGet);
    return new GzipResponse(request, response);
  }
}
