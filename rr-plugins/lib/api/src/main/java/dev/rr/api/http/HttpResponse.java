package dev.rr.api.http;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where an answer goes: any interim heads, one head, the body, the end. On the request's event loop
 * only. Calls that come too late (after the end, or after the client went away) are ignored.
 */
public interface HttpResponse {
  /**
   * Sends an interim head, such as 103. Ignored where the client's protocol has none.
   *
   * @param status 100 to 199, without 101
   */
  void interim(int status, HttpHeaders headers);

  /**
   * Gives the head. It may be held back until the first byte of the body or the end.
   *
   * @param status 200 to 599
   * @param headers belongs to the receiver from now on
   * @throws IllegalStateException on a second head
   */
  void head(int status, HttpHeaders headers);

  /** Sends bytes of the body. They are queued without bound: a giver looks at {@link #writable}. */
  void write(ByteBuffer bytes);

  /**
   * Sends a part of a file as body, without copying it through the heap where the transport allows.
   *
   * @param offset where it begins, in bytes
   * @param length how many bytes; the file must have them
   * @param after runs on the event loop once the file is no longer needed, also after a failure
   */
  void file(Path file, long offset, long length, Runnable after);

  /** Pushes what was given so far towards the client. */
  void flush();

  /** Ends the answer. */
  void end(HttpHeaders trailers);

  /** Ends the answer without trailers. */
  default void end() {
    end(HttpHeaders.EMPTY);
  }

  /**
   * Breaks the answer off: answered with 500 when no head went out, else the connection or stream
   * is cut.
   */
  void abort(Throwable cause);

  /** Whether a head was given. */
  boolean committed();

  /** Whether more may be written now without queueing up. */
  boolean writable();

  /**
   * Sets what runs whenever the response becomes writable again. Replaces the one set before. A
   * giver that waits for it calls {@link #flush} first: what was not pushed is not taken.
   */
  void onWritable(Runnable callback);

  /**
   * Adds what runs once when the exchange is over: ended, aborted, or the client went away. What
   * was added last runs first.
   */
  void onClose(Runnable callback);
}
