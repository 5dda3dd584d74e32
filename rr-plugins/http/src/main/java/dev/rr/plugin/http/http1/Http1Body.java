package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.http.Chunks;
import dev.rr.http.HeaderNames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of a connection, one after the other, as HTTP/1 frames them: by their length, or in
 * chunks (RFC 9112, sections 6 and 7). On its loop only.
 *
 * <p>It is lazy: bytes stay in the connection's input until the exchange takes them, so what bounds
 * the input bounds the body as well. When the answer is complete before the body, the rest is read
 * and dropped, to find the next request behind it.
 */
final class Http1Body {
  private enum State {
    FIXED,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    READ
  }

  private State state = State.READ;

  /** Bytes still to come of the body, or of the chunk. */
  private long left;

  private long discarded;
  private int trailerBytes;
  private @Nullable HttpHeaders trailers;

  /** A body begins; -1 is a chunked one. */
  void begin(long length) {
    left = length;
    state = length < 0 ? State.CHUNK_SIZE : length > 0 ? State.FIXED : State.READ;
    discarded = 0;
    trailers = null;
  }

  /** Whether it is read to its end. */
  boolean isRead() {
    return state == State.READ;
  }

  /** The bytes of it that nobody wanted. */
  long discarded() {
    return discarded;
  }

  /**
   * Whether the rest may have at most this many bytes, as far as is known: of chunks it is not, and
   * they are counted as they are dropped instead.
   */
  boolean isWithin(long bytes) {
    return state != State.FIXED || left <= bytes;
  }

  /** What followed it. */
  HttpHeaders trailers() {
    return trailers == null ? HttpHeaders.EMPTY : trailers;
  }

  /**
   * Takes the next piece and hands it over, or drops it once the answer is complete.
   *
   * @return whether there may be more to take at once
   * @throws HttpFault when it is malformed
   */
  boolean step(Http1Input in, Http1Exchange to) throws HttpFault {
    return switch (state) {
      case FIXED -> data(in, to, State.READ);
      case CHUNK_SIZE -> flows(to) && chunkSize(in);
      case CHUNK_DATA -> data(in, to, State.CHUNK_END);
      case CHUNK_END -> chunkEnd(in);
      case TRAILERS -> trailer(in);
      case READ -> false;
    };
  }

  /** Whether body bytes can go somewhere: to the reader, or nowhere once the answer is complete. */
  private static boolean flows(Http1Exchange to) {
    return to.done() || to.takesBody();
  }

  private boolean data(Http1Input in, Http1Exchange to, State behind) {
    if (in.isEmpty() || !flows(to)) {
      return false;
    }
    int count = (int) Math.min(left, in.size());
    left -= count;
    if (left == 0) {
      state = behind;
    }
    if (to.done()) {
      in.skip(count);
      discarded += count;
    } else {
      // A copy, which is the reader's to keep: Netty's buffer goes back to its pool.
      to.bodyChunk(ByteBuffer.wrap(in.read(count)));
    }
    return true;
  }

  private boolean chunkSize(Http1Input in) throws HttpFault {
    String line = in.line();
    if (line == null) {
      return false;
    }
    left = Chunks.size(line);
    trailerBytes = 0;
    state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
    return true;
  }

  private boolean chunkEnd(Http1Input in) throws HttpFault {
    if (!in.lineEnd()) {
      return false;
    }
    state = State.CHUNK_SIZE;
    return true;
  }

  private boolean trailer(Http1Input in) throws HttpFault {
    String line = in.line();
    if (line == null) {
      return false;
    }
    if (line.isEmpty()) {
      state = State.READ;
      return true;
    }
    trailerBytes += line.length();
    int colon = Chunks.checkTrailer(line);
    if (trailerBytes > Http1Input.MAX_BEHIND) {
      // Each line is bounded by itself, their number only here.
      throw new HttpFault(400, "malformed trailer");
    }
    if (trailers == null) {
      trailers = new HttpHeaders();
    }
    trailers.add(
        HeaderNames.canonical(line.substring(0, colon)), line.substring(colon + 1).strip());
    return true;
  }
}
