package dev.rr.http;

import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds the head back until it is clear whether the body is worth compressing, then passes through
 * or compresses. While a file or a long write is being compressed piece by piece, later calls wait
 * in line; they are as few as the file parts and writes of one answer.
 */
public final class CompressingResponse extends ForwardingResponse {
  private static final String OPT_OUT = "No-Gzip-Compression";

  /** What is compressed at once, in bytes; other requests wait for so long. */
  private static final int PIECE = 64 * 1024;

  /**
   * Which answers are worth compressing.
   *
   * @param minLength bytes below which a body is sent as it is
   * @param types tells by the value of {@code Content-Type}
   */
  public record Rules(int minLength, Predicate<String> types) {}

  private enum State {
    /** No head was given. */
    START,
    /** The head is held back, the first bytes as well. */
    HELD,
    PLAIN,
    COMPRESSED,
    /** The exchange is over; what still comes is dropped. */
    OVER
  }

  private final HttpRequest request;
  private final Rules rules;
  private final AcceptEncoding accepted;
  private State state = State.START;
  private int status;
  private HttpHeaders headers = HttpHeaders.EMPTY;
  private ByteBuffer held = ByteBuffer.allocate(0);
  private ContentCoding.@Nullable Compressor compressor;
  private @Nullable Runnable whenWritable;
  private @Nullable FileCompression file;
  private boolean working;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  /**
   * Answers {@code request} through {@code next}.
   *
   * @param accepted what the client takes of the codings there are
   */
  public CompressingResponse(
      HttpRequest request, HttpResponse next, Rules rules, AcceptEncoding accepted) {
    super(next);
    this.request = request;
    this.rules = rules;
    this.accepted = accepted;
  }

  @Override
  public void head(int code, HttpHeaders fields) {
    if (state == State.OVER) {
      return;
    }
    if (state != State.START) {
      throw new IllegalStateException("a second head: " + code);
    }
    addVary(fields);
    boolean optedOut = fields.contains(OPT_OUT);
    fields.remove(OPT_OUT);
    status = code;
    headers = fields;
    if (accepted.coding() != null && !optedOut && mayCompress()) {
      state = State.HELD;
    } else {
      state = State.PLAIN;
      next.head(code, fields);
    }
  }

  private static void addVary(HttpHeaders fields) {
    if (!HeaderLists.has(fields, "Vary", "Accept-Encoding")
        && !HeaderLists.has(fields, "Vary", "*")) {
      fields.add("Vary", "Accept-Encoding");
    }
  }

  private boolean mayCompress() {
    return status >= 200
        && status != 204
        && status != 206
        && status != 304
        && !headers.contains("Content-Encoding")
        && !headers.contains("Content-Range")
        && !HeaderLists.has(headers, "Cache-Control", "no-transform")
        && (!accepted.plain() || mayGain());
  }

  private boolean mayGain() {
    String type = headers.get("Content-Type");
    return announcedLength() >= rules.minLength() && (type == null || rules.types().test(type));
  }

  /** The announced length; the largest number when there is none, or no valid one. */
  private long announcedLength() {
    long length = ContentLength.parse(headers.get("Content-Length", ""));
    return length < 0 ? Long.MAX_VALUE : length;
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (busy) {
      waiting.add(() -> write(bytes));
      return;
    }
    switch (state) {
      case HELD -> hold(bytes);
      case COMPRESSED -> compress(bytes);
      case OVER -> {}
      default -> next.write(bytes);
    }
  }

  private void compress(ByteBuffer bytes) {
    int size = Math.min(bytes.remaining(), PIECE);
    ByteBuffer piece = bytes.slice(bytes.position(), size);
    work(c -> c.write(piece));
    if (size < bytes.remaining()) {
      busy = true;
      ByteBuffer rest = bytes.position(bytes.position() + size);
      request.execute(() -> {
        busy = false;
        write(rest);
        resume();
      });
    }
  }

  /** Does what had to wait, as far as it can be done, and asks for more when all of it is. */
  private void resume() {
    while (!busy && !waiting.isEmpty()) {
      waiting.remove().run();
    }
    if (!busy && state == State.COMPRESSED && whenWritable != null && next.writable()) {
      whenWritable.run();
    }
  }

  /** What would only wait here is better not written. */
  @Override
  public boolean writable() {
    return !busy && next.writable();
  }

  private void hold(ByteBuffer bytes) {
    ByteBuffer all = ByteBuffer.allocate(held.remaining() + bytes.remaining());
    held = all.put(held).put(bytes).flip();
    if (held.remaining() >= rules.minLength()) {
      decide(true);
    }
  }

  @Override
  public void flush() {
    if (busy) {
      waiting.add(this::flush);
      return;
    }
    if (state == State.HELD) {
      // Somebody waits for these bytes and more will follow: length is no reason any more.
      decide(true);
    }
    if (state == State.COMPRESSED) {
      work(ContentCoding.Compressor::flush);
    }
    if (state != State.OVER) {
      next.flush();
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (busy) {
      waiting.add(() -> end(trailers));
      return;
    }
    if (state == State.HELD) {
      decide(!accepted.plain() && held.hasRemaining());
    }
    if (state == State.COMPRESSED) {
      work(ContentCoding.Compressor::finish);
    }
    if (state != State.OVER) {
      next.end(trailers);
    }
  }

  @Override
  public void file(Path path, long offset, long length, Runnable after) {
    if (busy) {
      waiting.add(() -> file(path, offset, length, after));
      return;
    }
    if (state == State.HELD) {
      decide(!accepted.plain() || held.remaining() + length >= rules.minLength());
    }
    if (state == State.COMPRESSED && length > 0) {
      busy = true;
      FileCompression begun = new FileCompression(path, offset, length, after);
      file = begun;
      begun.next();
    } else if (state == State.OVER) {
      after.run();
    } else {
      next.file(path, offset, length, after);
    }
  }

  private void decide(boolean longEnough) {
    if (!headers.contains("Content-Type") && held.hasRemaining()) {
      headers.set("Content-Type", ContentSniffer.sniff(held));
    }
    boolean compress =
        longEnough && (!accepted.plain() || rules.types().test(headers.get("Content-Type", "")));
    ByteBuffer first = held;
    held = ByteBuffer.allocate(0);
    ContentCoding coding = accepted.coding();
    if (!compress || coding == null) {
      state = State.PLAIN;
      next.head(status, headers);
      if (first.hasRemaining()) {
        next.write(first);
      }
      return;
    }
    state = State.COMPRESSED;
    headers.set("Content-Encoding", coding.token());
    headers.remove("Content-Length").remove("Accept-Ranges");
    String etag = headers.get("ETag");
    if (etag != null && etag.startsWith("\"")) {
      // The same content in other bytes: the tag can no longer be a strong one.
      headers.set("ETag", "W/" + etag);
    }
    next.head(status, headers);
    ContentCoding.Compressor opened = coding.open(next::write);
    compressor = opened;
    next.onClose(() -> {
      state = State.OVER;
      if (!working) {
        opened.close();
      }
      if (file != null) {
        // It may wait for a client that has left.
        file.resume();
      }
    });
    if (first.hasRemaining()) {
      write(first);
    }
  }

  /**
   * Has the compressor do something. What it puts out may break the exchange off, whose end must
   * not take the memory from under a compressor at work: then it is let go behind the call.
   */
  private void work(Consumer<ContentCoding.Compressor> step) {
    ContentCoding.Compressor at = compressor;
    if (at == null) {
      throw new IllegalStateException("not compressing");
    }
    boolean within = working;
    working = true;
    try {
      step.accept(at);
    } finally {
      working = within;
      if (!within && state == State.OVER) {
        at.close();
      }
    }
  }

  @Override
  public void abort(Throwable cause) {
    // What waits is dropped from here on, but told so: a file may have to be let go.
    state = State.OVER;
    next.abort(cause);
    busy = false;
    resume();
  }

  @Override
  public boolean committed() {
    return state != State.START || next.committed();
  }

  @Override
  public void onWritable(Runnable callback) {
    whenWritable = callback;
    if (!busy) {
      next.onWritable(callback);
    }
  }

  private void restoreWritable() {
    Runnable callback = whenWritable;
    next.onWritable(callback == null ? () -> {} : callback);
  }

  /** A file that is compressed piece by piece. */
  private final class FileCompression extends PacedFile {
    FileCompression(Path path, long offset, long length, Runnable after) {
      super(request, path, offset, length, after);
    }

    @Override
    boolean isOver() {
      return state != State.COMPRESSED;
    }

    @Override
    boolean isReady() {
      if (!next.writable()) {
        // What is not pushed is never taken, and there would be nothing to wait for.
        next.flush();
      }
      if (next.writable()) {
        return true;
      }
      next.onWritable(() -> {
        restoreWritable();
        resume();
      });
      return false;
    }

    @Override
    OutboundBuffer buffer(int length) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.min(length, PIECE));
      return OutboundBuffer.of(bytes, filled -> work(c -> c.write(filled)));
    }

    @Override
    void ended() {
      file = null;
      busy = false;
      CompressingResponse.this.resume();
    }

    @Override
    void failed(IOException cause) {
      abort(cause);
    }
  }
}
