package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Http1Head;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of a connection whole, by the rules of {@code http}: what is in doubt is no
 * request. One thread at a time.
 */
final class RequestReader {
  private static final byte[] EMPTY = {};

  private final OperatorLimits limits;
  private final InputBytes in;
  private @Nullable Http1Head head;
  private @Nullable ChunkedBody chunks;
  private boolean expects;

  /** Of the head whose body is not all there. */
  private long headLength;

  RequestReader(OperatorLimits limits) {
    this.limits = limits;
    this.in = new InputBytes(limits.head());
  }

  void add(ByteBuffer more) {
    in.add(more);
  }

  /** Whether nothing is there of a next request. */
  boolean isIdle() {
    return in.isEmpty() && head == null;
  }

  /** Bytes that are here of requests which are not all there. */
  long held() {
    ChunkedBody body = chunks;
    return headLength + in.size() + (body == null ? 0 : body.size());
  }

  /** Whether the client waits to be told to send the body. True once. */
  boolean takeExpectation() {
    boolean waits = expects && in.isEmpty();
    expects = false;
    return waits;
  }

  /**
   * Takes the next request; null when it is not all there.
   *
   * @throws HttpFault when it is none; nothing may be read behind it
   */
  @Nullable OperatorRequest next() throws HttpFault {
    Http1Head read = head;
    if (read == null) {
      read = readHead();
    }
    if (read == null) {
      return null;
    }
    byte[] body = body(read);
    if (body == null) {
      return null;
    }
    head = null;
    headLength = 0;
    chunks = null;
    expects = false;
    return new OperatorRequest(read, body, null);
  }

  private @Nullable Http1Head readHead() throws HttpFault {
    byte[] bytes = in.head();
    if (bytes == null) {
      return null;
    }
    Http1Head read = Http1Head.parse(bytes, 0, bytes.length, "http");
    boolean hasBody = read.length() != 0;
    if (!read.expect().isEmpty() && !read.expect().equalsIgnoreCase("100-continue")) {
      throw new HttpFault(417, "");
    }
    if (read.length() > limits.body()) {
      throw new HttpFault(413, "Request Entity Too Large");
    }
    expects = hasBody && read.http11() && !read.expect().isEmpty();
    chunks = read.length() < 0 ? new ChunkedBody(limits.body()) : null;
    head = read;
    headLength = bytes.length;
    return read;
  }

  private byte @Nullable [] body(Http1Head read) throws HttpFault {
    if (chunks != null) {
      return chunks.read(in);
    }
    if (in.size() < read.length()) {
      return null;
    }
    return read.length() == 0 ? EMPTY : in.take(read.length());
  }
}
