package dev.rr.exchange;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.web.ContentSniffer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, whatever carries them: the rules of HTTP semantics are here, those of
 * the wire in the subclasses. On its loop only, but for {@link #execute} and {@link #offload}.
 */
public abstract class Exchange implements HttpRequest, HttpResponse, RequestBody {
  private static final int FILE_CHUNK = 128 * 1024;

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

  private final ExchangeLoop loop;
  private final String method;
  private final String target;
  private final String protocol;
  private final String scheme;
  private final String host;
  private final HttpHeaders headers;
  private final SocketAddress peer;
  private @Nullable String remoteAddress;
  private @Nullable Map<String, List<String>> attributes;
  private @Nullable Map<Object, Object> notes;

  private Phase phase = Phase.OPEN;
  private int status;
  private HttpHeaders answer = HttpHeaders.EMPTY;
  private @Nullable ByteBuffer held;

  /** Bytes of the body that may still be sent; the largest number when the length is unknown. */
  private long unsent;

  private @Nullable Runnable onWritable;
  private @Nullable List<Runnable> onClose;
  private @Nullable Deque<Runnable> behindFile;

  private @Nullable Reader reader;
  private boolean paused;

  /**
   * A request whose head is read.
   *
   * @param protocol as {@link HttpRequest#protocol} has it
   * @param headers belongs to the exchange from now on
   */
  protected Exchange(
      ExchangeLoop loop,
      String method,
      String target,
      String protocol,
      String scheme,
      String host,
      HttpHeaders headers,
      SocketAddress peer) {
    this.loop = loop;
    this.method = method;
    this.target = target;
    this.protocol = protocol;
    this.scheme = scheme;
    this.host = host;
    this.headers = headers;
    this.peer = peer;
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

  /** Sends the end of a body that was begun by {@link #sendHead} without the end. */
  protected abstract void sendEnd(HttpHeaders trailers);

  /**
   * Sends a part of an open file; false when this transport cannot.
   *
   * @param after runs once the file is no longer needed, also after a failure
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

  /** The reader was set, or the flow resumed. */
  protected abstract void bodyWanted();

  // The request.

  @Override
  public final String method() {
    return method;
  }

  @Override
  public final String target() {
    return target;
  }

  @Override
  public final String protocol() {
    return protocol;
  }

  @Override
  public final String scheme() {
    return scheme;
  }

  @Override
  public final String host() {
    return host;
  }

  @Override
  public final HttpHeaders headers() {
    return headers;
  }

  @Override
  public final SocketAddress peer() {
    return peer;
  }

  @Override
  public final String remoteAddress() {
    String address = remoteAddress;
    if (address == null) {
      address = Addresses.text(peer);
      remoteAddress = address;
    }
    return address;
  }

  @Override
  public final void remoteAddress(String address) {
    remoteAddress = address;
  }

  @Override
  public final Map<String, List<String>> attributes() {
    Map<String, List<String>> map = attributes;
    if (map == null) {
      map = new LinkedHashMap<>();
      attributes = map;
    }
    return map;
  }

  @Override
  public final Map<Object, Object> notes() {
    Map<Object, Object> map = notes;
    if (map == null) {
      map = new HashMap<>();
      notes = map;
    }
    return map;
  }

  @Override
  public final RequestBody body() {
    return this;
  }

  @Override
  public void offload(Runnable work) {
    var unused = Thread.ofVirtual().name("http-io").start(work);
  }

  @Override
  public final void execute(Runnable task) {
    loop.execute(task);
  }

  // The request's body.

  @Override
  public final void read(Reader taker) {
    if (reader != null) {
      throw new IllegalStateException("the body has a reader already");
    }
    reader = taker;
    bodyWanted();
  }

  @Override
  public final void pause() {
    paused = true;
  }

  @Override
  public final void resume() {
    if (paused) {
      paused = false;
      bodyWanted();
    }
  }

  /** Whether somebody wants the body, now or later. */
  protected final boolean hasReader() {
    return reader != null;
  }

  /** Whether a chunk would be taken now. */
  public final boolean takesBody() {
    return reader != null && !paused;
  }

  /** Hands bytes of the body to its reader. */
  public final void bodyChunk(ByteBuffer bytes) {
    if (reader != null) {
      reader.chunk(bytes);
    }
  }

  /** Tells the reader that the body is complete. */
  public final void bodyEnd(HttpHeaders trailers) {
    if (reader != null) {
      reader.end(trailers);
    }
  }

  /** Tells the reader that the body will not be complete. */
  public final void bodyFailed(HttpFault fault) {
    if (reader != null) {
      reader.failed(fault);
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
    if (behindFile != null) {
      behindFile.add(() -> write(bytes));
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
    if (bytes.remaining() > unsent) {
      warnOfRest();
      bytes.limit(bytes.position() + (int) unsent);
    }
    count(bytes.remaining());
    if (bytes.hasRemaining()) {
      sendBody(bytes);
    }
  }

  private void warnOfRest() {
    loop.log()
        .warn("the body is longer than its Content-Length, the rest is dropped", "uri", target);
  }

  private void count(long sent) {
    if (unsent != Long.MAX_VALUE) {
      unsent -= Math.min(unsent, sent);
    }
  }

  @Override
  public final void flush() {
    if (behindFile != null || phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.HELD) {
      commit(false, false);
    }
    push();
  }

  @Override
  public final void end(HttpHeaders trailers) {
    if (behindFile != null) {
      behindFile.add(() -> end(trailers));
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
        loop.log().warn("the body is shorter than its Content-Length", "uri", target);
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
    long announced = Digits.parse(answer.get(HeaderNames.CONTENT_LENGTH, ""));
    answer.remove(HeaderNames.CONTENT_LENGTH);
    long size = first == null ? 0 : first.remaining();
    if (first != null && status != 204 && status != 304) {
      sniff(first);
    }
    if (!hasBody()) {
      // An answer to HEAD tells the length its body would have had.
      boolean tells = method.equals("HEAD") && status != 204 && status != 304;
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
              target);
    }
    long length = whole ? size : trailers ? -1 : announced;
    unsent = length < 0 ? Long.MAX_VALUE : Math.max(0, length - size);
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
    return status != 204 && status != 304 && !method.equals("HEAD");
  }

  @Override
  public final void abort(Throwable cause) {
    if (phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.STREAMING) {
      loop.log().log(Log.Level.DEBUG, "answer broken off", cause, "uri", target);
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
    // What waits sends nothing any more, but lets go of its files.
    Deque<Runnable> waiting = behindFile;
    behindFile = null;
    var unused = resumeFile();
    if (waiting != null) {
      waiting.forEach(Runnable::run);
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
    return behindFile == null && phase != Phase.DONE && transportWritable();
  }

  @Override
  public final void onWritable(Runnable callback) {
    onWritable = callback;
  }

  /** The transport takes more again. */
  public final void becameWritable() {
    if (resumeFile()) {
      return;
    }
    if (onWritable != null && phase != Phase.DONE && behindFile == null) {
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
    if (behindFile != null) {
      behindFile.add(() -> file(file, offset, length, after));
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
    if (length > unsent) {
      warnOfRest();
    }
    long most = Math.min(length, unsent);
    count(most);
    behindFile = new ArrayDeque<>(2);
    offload(() -> open(file, offset, most, after));
  }

  private void open(Path file, long offset, long length, Runnable after) {
    FileChannel opened;
    try {
      opened = FileChannel.open(file);
    } catch (IOException e) {
      execute(() -> fileFailed(e, after));
      return;
    }
    execute(() -> {
      Runnable release = () -> release(opened, after);
      if (phase == Phase.DONE) {
        release.run();
      } else if (sendRegion(opened, offset, length, release)) {
        fileSent();
      } else {
        nextChunk(opened, offset, length, release);
      }
    });
  }

  /** Reads off the loop and sends on it, a chunk at a time and only while the client keeps up. */
  private void nextChunk(FileChannel file, long offset, long left, Runnable release) {
    if (phase == Phase.DONE) {
      release.run();
      return;
    }
    if (left == 0) {
      release.run();
      fileSent();
      return;
    }
    if (!transportWritable()) {
      fileWaits = () -> nextChunk(file, offset, left, release);
      return;
    }
    offload(() -> {
      try {
        ByteBuffer chunk = read(file, offset, (int) Math.min(left, FILE_CHUNK));
        execute(() -> {
          int count = chunk.remaining();
          if (phase != Phase.DONE) {
            sendBody(chunk);
            push();
          }
          nextChunk(file, offset + count, left - count, release);
        });
      } catch (IOException e) {
        execute(() -> fileFailed(e, release));
      }
    });
  }

  private @Nullable Runnable fileWaits;

  /** Goes on with a file that waited for the client; false when none does. */
  private boolean resumeFile() {
    Runnable next = fileWaits;
    fileWaits = null;
    if (next == null) {
      return false;
    }
    next.run();
    return true;
  }

  private static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(length);
    while (chunk.hasRemaining()) {
      if (file.read(chunk, offset + chunk.position()) < 0) {
        throw new IOException("the file became shorter while it was sent");
      }
    }
    return chunk.flip();
  }

  private void fileSent() {
    Deque<Runnable> waiting = behindFile;
    behindFile = null;
    if (phase == Phase.DONE || waiting == null) {
      return;
    }
    push();
    while (behindFile == null && !waiting.isEmpty()) {
      waiting.remove().run();
    }
    if (behindFile != null) {
      behindFile.addAll(waiting);
    } else if (transportWritable()) {
      becameWritable();
    }
  }

  private void fileFailed(IOException cause, Runnable after) {
    after.run();
    abort(cause);
  }

  private void release(FileChannel file, Runnable after) {
    try {
      file.close();
    } catch (IOException e) {
      loop.log().log(Log.Level.DEBUG, "closing a sent file", e);
    }
    after.run();
  }
}
