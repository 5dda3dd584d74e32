package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Chunks;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunks on its way into memory (RFC 9112, section 7.1). Trailers are dropped. What its
 * lines may be is in {@link Chunks}; the steps between them stand in http as well, whose bytes are
 * Netty's and taken one piece at a time, when somebody wants them.
 */
final class ChunkedBody {
  private enum State {
    SIZE,
    DATA,
    END,
    TRAILERS
  }

  private final int most;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private State state = State.SIZE;
  private long left;
  private int trailers;

  /** A body of at most so many bytes, and as many of trailers. */
  ChunkedBody(int most) {
    this.most = most;
  }

  /**
   * Takes what is there.
   *
   * @return the body; null when it is not all there
   */
  byte @Nullable [] read(InputBytes in) throws HttpFault {
    while (true) {
      if (state == State.DATA) {
        byte[] taken = in.take(left);
        body.writeBytes(taken);
        left -= taken.length;
        if (left > 0) {
          return null;
        }
        state = State.END;
      } else if (state == State.END) {
        if (in.size() < 2) {
          return null;
        }
        byte[] end = in.take(2);
        if (end[0] != '\r' || end[1] != '\n') {
          throw new HttpFault(400, "malformed chunked encoding");
        }
        state = State.SIZE;
      } else {
        String line = in.line();
        if (line == null) {
          return null;
        }
        if (state == State.SIZE) {
          size(line);
        } else if (line.isEmpty()) {
          return body.toByteArray();
        } else {
          trailer(line);
        }
      }
    }
  }

  /** Bytes that are here of it. */
  int size() {
    return body.size();
  }

  private void size(String line) throws HttpFault {
    left = Chunks.size(line);
    state = left == 0 ? State.TRAILERS : State.DATA;
    if (left > most - body.size()) {
      throw new HttpFault(413, "Request Entity Too Large");
    }
  }

  private void trailer(String line) throws HttpFault {
    trailers += line.length();
    Chunks.checkTrailer(line);
    if (trailers > most) {
      throw new HttpFault(400, "malformed trailer");
    }
  }
}
