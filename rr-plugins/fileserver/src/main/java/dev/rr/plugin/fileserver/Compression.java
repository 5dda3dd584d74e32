package dev.rr.plugin.fileserver;

import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.AcceptEncoding;
import dev.rr.http.CompressingResponse;
import dev.rr.http.GzipCoding;
import dev.rr.http.HeaderLists;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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

  /** Upstream's. */
  private static final int LEVEL = 6;

  private static final List<ContentCoding> OFFERED = List.of(new GzipCoding(LEVEL));

  private static final CompressingResponse.Rules RULES =
      new CompressingResponse.Rules(MIN_LENGTH, Compression::isText);

  private final AtomicInteger running = new AtomicInteger();

  /** Whether an answer with this file is to be compressed. */
  boolean applies(HttpRequest request, String type, long size) {
    return size >= MIN_LENGTH
        && isText(type)
        && accepted(request).coding() != null
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

  private static AcceptEncoding accepted(HttpRequest request) {
    return AcceptEncoding.of(request.headers().all("Accept-Encoding"), OFFERED);
  }

  /** An answer that compresses the file it is given. */
  HttpResponse of(HttpRequest request, HttpResponse response) {
    running.incrementAndGet();
    response.onClose(running::decrementAndGet);
    boolean head = request.method().equals("HEAD");
    HttpResponse coded =
        head ? response : new CompressingResponse(request, response, RULES, accepted(request));
    return new CodedHead(coded, head);
  }

  /** Says what becomes of the file, of a HEAD answer and of 304 as of the whole one. */
  private static final class CodedHead extends ForwardingResponse {
    private final boolean bodiless;

    CodedHead(HttpResponse next, boolean bodiless) {
      super(next);
      this.bodiless = bodiless;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      headers.remove("Accept-Ranges");
      String tag = headers.get("ETag", "");
      if (tag.startsWith("\"")) {
        // Other bytes than the file's, which a strong tag would promise.
        headers.set("ETag", "W/" + tag);
      }
      if (status == 200 && bodiless) {
        // An answer without a body would say that there is no byte of it.
        headers
            .set("Content-Encoding", GzipCoding.TOKEN)
            .remove("Content-Length")
            .set("Transfer-Encoding", "chunked");
      }
      super.head(status, headers);
    }
  }
}
