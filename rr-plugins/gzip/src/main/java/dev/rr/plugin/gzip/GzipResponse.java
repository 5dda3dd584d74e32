package dev.rr.plugin.gzip;

import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.ContentSniffer;
import dev.rr.http.HeaderLists;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Holds the head back until it is clear whether the body is worth compressing, then passes through
 * or compresses. While a file or a long write is being compressed piece by piece, later calls wait
 * in line; they are as few as the file parts and writes of one answer.
 */
final class GzipResponse extends ForwardingResponse {
  private static final String OPT_OUT = "No-Gzip-Compression";

  /** What is compressed at once, in bytes; other requests wait for so long. */
  private static final int PIECE = 64 * 1024;

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
  private final GzipConfig config;
  private final AcceptEncoding accepted;
  private State state = State.START;
  private int status;
  private HttpHeaders headers = HttpHeaders.EMPTY;
  private ByteBuffer held = ByteBuffer.allocate(0);
  private ContentCoding.@Nullable Compressor compressor;
  private @Nullable Runnable whenWritable;
  private @Nullable Runnable parked;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  GzipResponse(HttpRequest request, HttpResponse next, GzipConfig config, AcceptEncoding accepted) {
    super(next);
    this.request = request;
    this.config = config;
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
    return status != 204
        && status != 206
        && status != 304
        && !headers.contains("Content-Encoding")
        && !headers.contains("Content-Range")
        && !HeaderLists.has(headers, "Cache-Control", "no-transform")
        && (!accepted.plain() || mayGain());
  }

  private boolean mayGain() {
    String type = headers.get("Content-Type");
    return announcedLength() >= config.minLength() && (type == null || config.compresses(type));
  }

  /** The announced length; the largest number when there is none. */
  private long announcedLength() {
    try {
      return Long.parseLong(headers.get("Content-Length", Long.toString(Long.MAX_VALUE)));
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
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
    compressor().write(piece);
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
    if (held.remaining() >= config.minLength()) {
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
      compressor().flush();
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
      compressor().finish();
    }
    if (state != State.OVER) {
      next.end(trailers);
    }
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    if (busy) {
      waiting.add(() -> file(file, offset, length, after));
      return;
    }
    if (state == State.HELD) {
      decide(!accepted.plain() || held.remaining() + length >= config.minLength());
    }
    if (state == State.COMPRESSED && length > 0) {
      busy = true;
      readNext(new FilePart(file, offset, length, after));
    } else if (state == State.OVER) {
      after.run();
    } else {
      next.file(file, offset, length, after);
    }
  }

  /**
   * Reads a chunk off the loop, compresses it on the loop, and goes on when the client is ready.
   */
  private void readNext(FilePart part) {
    if (part.isEmpty() || state == State.OVER) {
      busy = false;
      part.done();
      resume();
      return;
    }
    if (!next.writable()) {
      // What is not pushed is never taken, and there would be nothing to wait for.
      next.flush();
    }
    if (!next.writable()) {
      parked =
          () -> {
            restoreWritable();
            readNext(part);
          };
      next.onWritable(this::unpark);
      return;
    }
    request.offload(() -> {
      try {
        ByteBuffer chunk = part.read(PIECE);
        request.execute(() -> {
          if (state == State.COMPRESSED) {
            compressor().write(chunk);
          }
          readNext(part);
        });
      } catch (IOException e) {
        request.execute(() -> {
          part.done();
          abort(e);
        });
      }
    });
  }

  /** Goes on with a file that had to wait for the client; it came back, or it left. */
  private void unpark() {
    Runnable goOn = parked;
    parked = null;
    if (goOn != null) {
      goOn.run();
    }
  }

  private void decide(boolean longEnough) {
    if (!headers.contains("Content-Type") && held.hasRemaining()) {
      headers.set("Content-Type", ContentSniffer.sniff(held));
    }
    boolean compress =
        longEnough && (!accepted.plain() || config.compresses(headers.get("Content-Type", "")));
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
      opened.close();
      unpark();
    });
    if (first.hasRemaining()) {
      write(first);
    }
  }

  private ContentCoding.Compressor compressor() {
    if (compressor == null) {
      throw new IllegalStateException("not compressing");
    }
    return compressor;
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
}
