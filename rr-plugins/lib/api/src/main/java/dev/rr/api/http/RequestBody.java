package dev.rr.api.http;

import java.nio.ByteBuffer;

/**
 * The body of a request. Bytes arrive only once a reader was set, so nobody has to take what nobody
 * wants. On the request's event loop only.
 */
public interface RequestBody {
  /** The announced length in bytes; -1 when it is not known, 0 when there is no body. */
  long length();

  /**
   * Sets the one reader and starts the flow.
   *
   * @throws IllegalStateException when there is a reader already
   */
  void read(Reader reader);

  /** Stops the flow until {@link #resume}; a chunk that was under way may still arrive. */
  void pause();

  /** Lets bytes flow again. */
  void resume();

  /** Takes a body. Ends with exactly one of {@link #end} and {@link #failed}. */
  interface Reader {
    /** Bytes of the body. */
    void chunk(ByteBuffer bytes);

    /** The body is complete. */
    void end(HttpHeaders trailers);

    /**
     * The body will not be complete: the client went away, was malformed, too slow, or sent too
     * much.
     */
    void failed(HttpFault fault);
  }
}
