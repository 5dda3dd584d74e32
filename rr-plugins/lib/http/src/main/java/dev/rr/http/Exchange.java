package dev.rr.http;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.log.Log;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, whatever carries them: the rules of HTTP semantics are here, those of
 * the wire in the subclasses. On its loop only, but for {@link #execute} and {@link #offload}.
 */
public abstract class Exchange extends ExchangeRequest implements HttpResponse {
  /** How far the answer is. */
  private enum Phase {
    /** No head was given. */
    OPEN,
    /** The head is held back, perhaps with the first bytes: the length may still become known. */
    HELD,
    STREAMING,
    /** Ended, aborted or abandoned. */
    DONE
  }

  private Phase phase = Phase.OPEN;
  private int status;
  private HttpHeaders answer = HttpHeaders.EMPTY;
  private @Nullable ByteBuffer held;

  /** Bytes of the body that may still be sent; the largest number when the length is unknown. */
  private long unsent;

  /** Whether there was more than the length that went out. */
  private boolean overran;

  private @Nullable Runnable onWritable;
  private @Nullable List<Runnable> onClose;
  private @Nullable FileSending sending;

  /** A request whose head is read. */
  protected Exchange(ExchangeLoop loop, RequestHead head, SocketAddress peer) {
    super(loop, head, peer);
  }

  // What a transport does.

  /**
   * Sends the head, and what is there of the body.
   *
   * @param length the body's length; -1 when it is unknown, or there is to be neither body nor
   *     length
   * @param body the first bytes, or null
   * @param end whether nothing follows
   */
  protected abstract void sendHead(
      int code, HttpHeaders fields, long length, @Nullable ByteBuffer body, boolean end);

  /** Sends an interim head; nothing where there is none. */
  protected abstract void sendInterim(int code, HttpHeaders fields);

  /** Sends bytes of the body. */
  protected abstract void sendBody(ByteBuffer bytes);

  /** Memory for a piece of a file that cannot be sent as a region. */
  protected OutboundBuffer outboundBuffer(int length) {
    return OutboundBuffer.of(ByteBuffer.allocate(length), this::sendBody);
  }

  /** Sends the end of a body that was begun by {@link #sendHead} without the end. */
  protected abstract void sendEnd(HttpHeaders trailers);

  /**
   * Sends a part of an open file; false when this transport cannot.
   *
   * @param after runs once all of it is sent, or when it cannot be and the exchange was abandoned
   */
  protected abstract boolean sendRegion(FileChannel file, long offset, long length, Runnable after);

  /** Pushes what was sent so far towards the client. */
  protected abstract void push();

  /** Breaks the connection or the stream off. */
  protected abstract void cut();

  /** The answer is complete. */
  protected abstract void answered();

  /** Whether the transport takes more without queueing up. */
  protected abstract boolean transportWritable();

  /**
   * Has a chain answer, whose exception is an answer too. What is asked of the server as a whole
   * (RFC 9110, section 9.3.7) is answered here.
   */
  public final void answerBy(HttpHandler chain) {
    if (target().equals("*") && method().equals("OPTIONS")) {
      head(200, new HttpHeaders());
      end();
      return;
    }
    try {
      chain.handle(this, this);
    } catch (RuntimeException e) {
      abort(e);
    }
  }

  // The answer.

  @Override
  public final void interim(int code, HttpHeaders fields) {
    if (phase == Phase.OPEN) {
      sendInterim(code, fields);
    }
  }

  @Override
  public final void head(int code, HttpHeaders fields) {
    if (phase == Phase.DONE) {
      return;
    }
    if (phase != Phase.OPEN) {
      throw new IllegalStateException("a second head: " + code + " after " + status);
    }
    status = code;
    answer = fields;
    phase = Phase.HELD;
  }

  @Override
  public final void write(ByteBuffer bytes) {
    if (sending != null) {
      sending.then(() -> write(bytes));
      return;
    }
    if (phase == Phase.DONE || !bytes.hasRemaining()) {
      return;
    }
    requireHead();
    if (phase == Phase.HELD) {
      if (held == null) {
        held = bytes;
        return;
      }
      commit(false, false);
    }
    stream(bytes);
  }

  private void stream(ByteBuffer bytes) {
    if (!hasBody()) {
      return;
    }
    cutToLength(bytes);
    if (bytes.hasRemaining()) {
      sendBody(bytes);
    }
  }

  /** Leaves no more than may still be sent, and counts it as sent. */
  private void cutToLength(ByteBuffer bytes) {
    bytes.limit(bytes.position() + (int) take(bytes.remaining()));
  }

  /** How much of {@code length} may still be sent, which counts as sent. */
  private long take(long length) {
    if (unsent == Long.MAX_VALUE) {
      return length;
    }
    if (length > unsent && !overran) {
      overran = true;
      loop.log()
          .warn(
              "the body is longer than its Content-Length, the rest is dropped",
              "uri",
              HttpText.of(target()));
    }
    long taken = Math.min(length, unsent);
    unsent -= taken;
    return taken;
  }

  /** Whether the application gave more than the length that went out: its end is in doubt. */
  protected final boolean overran() {
    return overran;
  }

  @Override
  public final void flush() {
    if (sending != null || phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.HELD) {
      commit(false, false);
    }
    push();
  }

  @Override
  public final void end(HttpHeaders trailers) {
    if (sending != null) {
      sending.then(() -> end(trailers));
      return;
    }
    if (phase == Phase.DONE) {
      return;
    }
    requireHead();
    boolean whole = phase == Phase.HELD && trailers.isEmpty();
    if (phase == Phase.HELD) {
      commit(whole, !trailers.isEmpty());
    }
    if (!whole) {
      if (hasBody() && unsent > 0 && unsent != Long.MAX_VALUE) {
        loop.log()
            .warn("the body is shorter than its Content-Length", "uri", HttpText.of(target()));
        abandon();
        cut();
        return;
      }
      sendEnd(hasBody() ? trailers : HttpHeaders.EMPTY);
    }
    phase = Phase.DONE;
    // Whoever counts or logs has done so by the time the client sees the end.
    closed();
    push();
    answered();
  }

  /** Sends the head that was held back. */
  private void commit(boolean whole, boolean trailers) {
    ByteBuffer first = held;
    held = null;
    phase = Phase.STREAMING;
    long announced = ContentLength.parse(answer.get(HeaderNames.CONTENT_LENGTH, ""));
    answer.remove(HeaderNames.CONTENT_LENGTH);
    long size = first == null ? 0 : first.remaining();
    if (first != null && status != 204 && status != 304) {
      sniff(first);
    }
    if (!hasBody()) {
      // An answer to HEAD tells the length its body would have had.
      boolean tells = method().equals("HEAD") && status != 204 && status != 304;
      long length = tells ? announced >= 0 ? announced : whole ? size : -1 : -1;
      unsent = Long.MAX_VALUE;
      sendHead(status, answer, length, null, whole);
      return;
    }
    if (whole && announced >= 0 && announced != size) {
      loop.log()
          .warn(
              "the worker's Content-Length is wrong and was replaced",
              "announced",
              announced,
              "length",
              size,
              "uri",
              HttpText.of(target()));
    }
    long length = whole ? size : trailers ? -1 : announced;
    unsent = length < 0 ? Long.MAX_VALUE : length;
    if (first != null) {
      cutToLength(first);
    }
    sendHead(status, answer, length, first, whole);
  }

  private void sniff(ByteBuffer first) {
    if (!answer.contains("Content-Type") && !answer.contains("Content-Encoding")) {
      answer.add("Content-Type", ContentSniffer.sniff(first));
    }
  }

  private void requireHead() {
    if (phase == Phase.OPEN) {
      throw new IllegalStateException("a body without a head");
    }
  }

  /** Whether the answer may have a body. */
  protected final boolean hasBody() {
    return status != 204 && status != 304 && !method().equals("HEAD");
  }

  @Override
  public final void abort(Throwable cause) {
    if (phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.STREAMING) {
      loop.log().log(Log.Level.DEBUG, "answer broken off", cause, "uri", HttpText.of(target()));
      abandon();
      cut();
      return;
    }
    loop.log().log(Log.Level.ERROR, "internal server error", cause, "message", cause.toString());
    held = null;
    phase = Phase.OPEN;
    head(500, new HttpHeaders());
    end();
  }

  /** The client is gone, or the answer cannot be completed. */
  public final void abandon() {
    phase = Phase.DONE;
    held = null;
    closed();
    FileSending file = sending;
    sending = null;
    if (file != null) {
      file.abandon();
    }
  }

  private void closed() {
    List<Runnable> callbacks = onClose;
    onClose = null;
    if (callbacks != null) {
      callbacks.reversed().forEach(Runnable::run);
    }
  }

  /** Whether the answer is over: ended, aborted or abandoned. */
  public final boolean done() {
    return phase == Phase.DONE;
  }

  @Override
  public final boolean committed() {
    return phase != Phase.OPEN;
  }

  @Override
  public final boolean writable() {
    return sending == null && phase != Phase.DONE && transportWritable();
  }

  @Override
  public final void onWritable(Runnable callback) {
    onWritable = callback;
  }

  /** The transport takes more again. */
  public final void becameWritable() {
    if (sending != null) {
      sending.resume();
    } else if (onWritable != null && phase != Phase.DONE) {
      onWritable.run();
    }
  }

  @Override
  public final void onClose(Runnable callback) {
    if (phase == Phase.DONE) {
      callback.run();
      return;
    }
    if (onClose == null) {
      onClose = new ArrayList<>(2);
    }
    onClose.add(callback);
  }

  // Files.

  @Override
  public final void file(Path file, long offset, long length, Runnable after) {
    if (sending != null) {
      sending.then(() -> file(file, offset, length, after));
      return;
    }
    if (phase == Phase.DONE) {
      after.run();
      return;
    }
    requireHead();
    if (phase == Phase.HELD) {
      commit(false, false);
    }
    if (!hasBody() || length == 0) {
      after.run();
      return;
    }
    FileSending begun = new FileSending(this, file, offset, take(length), after);
    sending = begun;
    begun.next();
  }

  /** The last of a file is handed over: on with what waits behind it. */
  final void fileSent(FileSending sent) {
    sending = null;
    if (phase == Phase.DONE) {
      return;
    }
    push();
    Deque<Runnable> waiting = sent.behind();
    while (sending == null && !waiting.isEmpty()) {
      waiting.remove().run();
    }
    if (sending != null) {
      waiting.forEach(sending::then);
    } else if (transportWritable()) {
      becameWritable();
    }
  }
}
