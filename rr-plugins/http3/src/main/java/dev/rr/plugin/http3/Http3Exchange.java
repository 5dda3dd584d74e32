package dev.rr.plugin.http3;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.web.ContentSniffer;
import dev.rr.web.HttpDates;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP/3 and its answer. On the loop only, but for {@link #execute} and {@link
 * #offload}.
 */
final class Http3Exchange implements HttpRequest, HttpResponse, RequestBody {
  private static final int FILE_CHUNK = 128 * 1024;

  private enum Phase {
    /** No head was given. */
    OPEN,
    /** The head is held back, perhaps with the first bytes: the length may become known. */
    HELD,
    STREAMING,
    /** Ended, aborted or abandoned. */
    DONE
  }

  private final QuicStreamChannel stream;
  private final String method;
  private final String target;
  private final String host;
  private final HttpHeaders headers;
  private final Log log;
  private final SocketAddress peer;
  private String remoteAddress;
  private final Map<String, List<String>> attributes = new LinkedHashMap<>();
  private final Map<Object, Object> notes = new HashMap<>();

  private @Nullable Reader reader;
  private boolean paused;
  private boolean told;
  private boolean inputEnded;
  private @Nullable HttpFault fault;
  private HttpHeaders trailers = HttpHeaders.EMPTY;

  /** Chunks that wait for the reader; the stream's window bounds them. */
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);

  private Phase phase = Phase.OPEN;
  private int status;
  private HttpHeaders answer = HttpHeaders.EMPTY;
  private @Nullable ByteBuffer held;
  private @Nullable Runnable onWritable;
  private @Nullable Runnable fileWaits;
  private @Nullable Deque<Runnable> behindFile;
  private final List<Runnable> onClose = new ArrayList<>(2);

  Http3Exchange(
      QuicStreamChannel stream,
      String method,
      String target,
      String host,
      HttpHeaders headers,
      Log log) {
    this.stream = stream;
    this.method = method;
    this.target = target;
    this.host = host;
    this.headers = headers;
    this.log = log;
    SocketAddress remote = stream.parent().remoteSocketAddress();
    this.peer = remote == null ? new InetSocketAddress(0) : remote;
    this.remoteAddress =
        peer instanceof InetSocketAddress inet && inet.getAddress() != null
            ? io.netty.util.NetUtil.toAddressString(inet.getAddress())
            : "";
  }

  // The request.

  @Override
  public String method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String protocol() {
    return "HTTP/3.0";
  }

  @Override
  public String scheme() {
    return "https";
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public void remoteAddress(String address) {
    remoteAddress = address;
  }

  @Override
  public Map<String, List<String>> attributes() {
    return attributes;
  }

  @Override
  public Map<Object, Object> notes() {
    return notes;
  }

  @Override
  public RequestBody body() {
    return this;
  }

  @Override
  public void offload(Runnable work) {
    var unused = Thread.ofVirtual().name("http3-io").start(work);
  }

  @Override
  public void execute(Runnable task) {
    try {
      stream.eventLoop().execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      log.debug("the server has stopped, nobody waits for this answer");
    }
  }

  // The request's body.

  @Override
  public long length() {
    String text = headers.get("Content-Length", "");
    if (text.isEmpty()) {
      return inputEnded && waiting.isEmpty() ? 0 : -1;
    }
    try {
      return Math.max(-1, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public void read(Reader taker) {
    if (reader != null) {
      throw new IllegalStateException("the body has a reader already");
    }
    reader = taker;
    deliver();
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    deliver();
  }

  void arrived(ByteBuffer bytes) {
    if (phase != Phase.DONE && fault == null) {
      waiting.add(bytes);
      deliver();
    }
    // What is not taken is not asked for: the window closes by itself.
    stream.config().setAutoRead(waiting.isEmpty());
  }

  void trailers(HttpHeaders fields) {
    trailers = fields;
  }

  void inputEnded() {
    inputEnded = true;
    deliver();
  }

  /** The body will not be complete. */
  void failed(HttpFault cause) {
    if (inputEnded || phase == Phase.DONE) {
      return;
    }
    inputEnded = true;
    fault = cause;
    waiting.clear();
    if (reader == null && phase == Phase.OPEN) {
      refuse(cause);
    }
    deliver();
  }

  /** Answers the client's fault. */
  void refuse(HttpFault cause) {
    head(
        cause.status(),
        new HttpHeaders()
            .add("Content-Type", "text/plain; charset=utf-8")
            .add("X-Content-Type-Options", "nosniff"));
    write(ByteBuffer.wrap((cause.getMessage() + "\n").getBytes(StandardCharsets.UTF_8)));
    end();
  }

  private void deliver() {
    Reader taker = reader;
    if (taker == null) {
      return;
    }
    while (!paused && !waiting.isEmpty()) {
      taker.chunk(waiting.remove());
    }
    if (!waiting.isEmpty()) {
      return;
    }
    if (!stream.config().isAutoRead()) {
      stream.config().setAutoRead(true);
    }
    if (inputEnded && !told && !paused) {
      told = true;
      if (fault != null) {
        taker.failed(fault);
      } else {
        taker.end(trailers);
      }
    }
  }

  // The answer.

  @Override
  public void interim(int code, HttpHeaders fields) {
    if (phase == Phase.OPEN) {
      var unused = stream.writeAndFlush(new DefaultHttp3HeadersFrame(fields(fields, code)));
    }
  }

  @Override
  public void head(int code, HttpHeaders fields) {
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
  public void write(ByteBuffer bytes) {
    if (behindFile != null) {
      behindFile.add(() -> write(bytes));
      return;
    }
    if (phase == Phase.DONE || !bytes.hasRemaining()) {
      return;
    }
    if (phase == Phase.OPEN) {
      throw new IllegalStateException("a body without a head");
    }
    if (phase == Phase.HELD) {
      if (held == null) {
        held = bytes;
        return;
      }
      commit(false);
    }
    send(bytes);
  }

  private void send(ByteBuffer bytes) {
    if (hasBody()) {
      var unused = stream.write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes)));
    }
  }

  /** Sends the head that was held back, and the first bytes with it. */
  private void commit(boolean whole) {
    ByteBuffer first = held;
    held = null;
    phase = Phase.STREAMING;
    if (first != null
        && hasBody()
        && !answer.contains("Content-Type")
        && !answer.contains("Content-Encoding")) {
      answer.add("Content-Type", ContentSniffer.sniff(first));
    }
    if (whole && hasBody()) {
      answer.set("Content-Length", Integer.toString(first == null ? 0 : first.remaining()));
    }
    Http3Headers head = fields(answer, status);
    if (!head.contains("date")) {
      head.add("date", HttpDates.format(Instant.now()));
    }
    var unused = stream.write(new DefaultHttp3HeadersFrame(head));
    if (first != null) {
      send(first);
    }
  }

  private static Http3Headers fields(HttpHeaders from, int code) {
    Http3Headers to = new DefaultHttp3Headers(false, from.size() + 4);
    if (code > 0) {
      to.status(Integer.toString(code));
    }
    from.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      if (isToken(lower) && !isOfConnection(lower)) {
        to.add(lower, value.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ').strip());
      }
    });
    return to;
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !Character.isLetterOrDigit(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** What HTTP/3 forbids (RFC 9114, section 4.2). */
  private static boolean isOfConnection(String name) {
    return switch (name) {
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> true;
      default -> false;
    };
  }

  @Override
  public void flush() {
    if (behindFile != null || phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.HELD) {
      commit(false);
    }
    stream.flush();
  }

  @Override
  public void end(HttpHeaders behind) {
    if (behindFile != null) {
      behindFile.add(() -> end(behind));
      return;
    }
    if (phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.OPEN) {
      throw new IllegalStateException("an end without a head");
    }
    if (phase == Phase.HELD) {
      commit(behind.isEmpty());
    }
    phase = Phase.DONE;
    Object last =
        behind.isEmpty() || !hasBody()
            ? new DefaultHttp3DataFrame(Unpooled.EMPTY_BUFFER)
            : new DefaultHttp3HeadersFrame(fields(behind, 0));
    closed();
    var unused = stream.writeAndFlush(last).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    if (!inputEnded) {
      // The rest of the body is not wanted (RFC 9114, section 4.1).
      stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
    }
  }

  private boolean hasBody() {
    return status != 204 && status != 304 && !method.equals("HEAD");
  }

  @Override
  public void abort(Throwable cause) {
    if (phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.STREAMING) {
      log.log(Log.Level.DEBUG, "answer broken off", cause, "uri", target);
      abandon();
      stream.shutdown(Http3ErrorCode.H3_INTERNAL_ERROR.code());
      return;
    }
    log.log(Log.Level.ERROR, "internal server error", cause, "message", cause.toString());
    behindFile = null;
    held = null;
    phase = Phase.OPEN;
    head(500, new HttpHeaders());
    end();
  }

  /** The client is gone. */
  void gone() {
    if (phase != Phase.DONE) {
      failed(new HttpFault(400, "unexpected EOF"));
      abandon();
    }
  }

  private void abandon() {
    phase = Phase.DONE;
    behindFile = null;
    held = null;
    waiting.clear();
    closed();
    Runnable file = fileWaits;
    fileWaits = null;
    if (file != null) {
      file.run();
    }
  }

  private void closed() {
    List<Runnable> callbacks = List.copyOf(onClose);
    onClose.clear();
    callbacks.forEach(Runnable::run);
  }

  @Override
  public boolean committed() {
    return phase != Phase.OPEN;
  }

  @Override
  public boolean writable() {
    return behindFile == null && phase != Phase.DONE && stream.isWritable();
  }

  @Override
  public void onWritable(Runnable callback) {
    onWritable = callback;
  }

  /** The stream takes more again. */
  void becameWritable() {
    Runnable file = fileWaits;
    fileWaits = null;
    if (file != null) {
      file.run();
    } else if (onWritable != null && writable()) {
      onWritable.run();
    }
  }

  @Override
  public void onClose(Runnable callback) {
    if (phase == Phase.DONE) {
      callback.run();
    } else {
      onClose.add(callback);
    }
  }

  // Files.

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    if (behindFile != null) {
      behindFile.add(() -> file(file, offset, length, after));
      return;
    }
    if (phase == Phase.HELD) {
      commit(false);
    }
    if (phase == Phase.DONE || !hasBody() || length == 0) {
      after.run();
      return;
    }
    behindFile = new ArrayDeque<>(2);
    offload(() -> {
      try {
        FileChannel opened = FileChannel.open(file);
        execute(() -> nextChunk(opened, offset, length, () -> release(opened, after)));
      } catch (IOException e) {
        execute(() -> fileFailed(e, after));
      }
    });
  }

  private void nextChunk(FileChannel file, long offset, long left, Runnable release) {
    if (phase == Phase.DONE) {
      release.run();
    } else if (left == 0) {
      release.run();
      fileSent();
    } else if (!stream.isWritable()) {
      fileWaits = () -> nextChunk(file, offset, left, release);
    } else {
      offload(() -> readChunk(file, offset, left, release));
    }
  }

  private void readChunk(FileChannel file, long offset, long left, Runnable release) {
    try {
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(left, FILE_CHUNK));
      while (chunk.hasRemaining()) {
        if (file.read(chunk, offset + chunk.position()) < 0) {
          throw new IOException("the file became shorter while it was sent");
        }
      }
      int count = chunk.flip().remaining();
      execute(() -> {
        if (phase != Phase.DONE) {
          send(chunk);
          stream.flush();
        }
        nextChunk(file, offset + count, left - count, release);
      });
    } catch (IOException e) {
      execute(() -> fileFailed(e, release));
    }
  }

  private void fileSent() {
    Deque<Runnable> queued = behindFile;
    behindFile = null;
    while (behindFile == null && queued != null && !queued.isEmpty()) {
      queued.remove().run();
    }
    if (behindFile != null && queued != null) {
      behindFile.addAll(queued);
    } else {
      becameWritable();
    }
  }

  private void fileFailed(IOException cause, Runnable after) {
    behindFile = null;
    after.run();
    abort(cause);
  }

  private void release(FileChannel file, Runnable after) {
    try {
      file.close();
    } catch (IOException e) {
      log.log(Log.Level.DEBUG, "closing a sent file", e);
    }
    after.run();
  }
}
