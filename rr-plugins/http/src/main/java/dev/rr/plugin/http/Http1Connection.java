package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.exchange.Faults;
import dev.rr.exchange.HeaderNames;
import dev.rr.exchange.Targets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1: one request after the other, pipelined ones wait. On its loop
 * only.
 */
final class Http1Connection extends Loop.Connection {
  /** Bytes behind the running request that are kept; past it the client is no longer read from. */
  private static final int MAX_BEHIND = 64 * 1024;

  /**
   * An unread rest of a body up to this size is read and dropped to keep the connection: Go's
   * figure.
   */
  static final long MAX_DISCARD = 256 * 1024;

  /** How long a closed connection is still read from, so that the answer is not lost in a reset. */
  private static final Duration LINGER = Duration.ofMillis(500);

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private enum State {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    /** The request is read, its answer is not complete. */
    READ,
    /** Nothing more is understood or wanted; the answer may still be under way. */
    DEAF,
    /** Closing: what comes is dropped. */
    LINGER
  }

  private final Loop loop;
  private final Endpoint endpoint;
  private final Http1Writer out;
  private @Nullable ChannelHandlerContext ctx;
  private SocketAddress peer = new java.net.InetSocketAddress(0);

  private @Nullable ByteBuf in;
  private State state = State.HEAD;
  private boolean processing;
  private boolean first = true;
  private boolean draining;

  /**
   * Where the search for the head's end goes on, and the last line feed found; counted from the
   * reader index.
   */
  private int scanned;

  private int lineFeed;

  private @Nullable Http1Exchange exchange;
  private long left;
  private long discarded;
  private int trailerBytes;
  private @Nullable HttpHeaders trailers;

  private long since;
  private long pending;
  private long pendingSince;

  Http1Connection(Loop loop, Endpoint endpoint) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.out = new Http1Writer(loop);
  }

  ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not connected");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    if (context.channel().isActive()) {
      begin(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    begin(context);
    context.fireChannelActive();
  }

  private void begin(ChannelHandlerContext context) {
    since = System.nanoTime();
    SocketAddress remote = context.channel().remoteAddress();
    if (remote != null) {
      peer = remote;
    }
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop.remove(this);
    release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    Http1Exchange running = exchange;
    exchange = null;
    boolean reading = state != State.READ && state != State.HEAD;
    state = State.LINGER;
    release();
    if (running != null) {
      if (reading) {
        running.bodyFailed(new HttpFault(400, "unexpected EOF"));
      }
      running.abandon();
    }
  }

  private void release() {
    if (in != null) {
      in.release();
      in = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      loop.log().log(Log.Level.DEBUG, "connection lost", cause);
    } else {
      loop.log().log(Log.Level.ERROR, "internal server error", cause, "message", cause.toString());
    }
    context.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (state == State.LINGER || state == State.DEAF) {
      bytes.release();
      return;
    }
    in = in == null ? bytes : append(context, in, bytes);
    process();
    if (in != null && in.readableBytes() > MAX_BEHIND && state != State.HEAD) {
      context.channel().config().setAutoRead(false);
    }
  }

  private static ByteBuf append(ChannelHandlerContext context, ByteBuf old, ByteBuf more) {
    try {
      if (old.writableBytes() >= more.readableBytes() && !old.isReadOnly()) {
        return old.writeBytes(more);
      }
      int length = old.readableBytes() + more.readableBytes();
      ByteBuf both = context.alloc().buffer(Math.max(length * 2, 1024));
      both.writeBytes(old).writeBytes(more);
      old.release();
      return both;
    } finally {
      more.release();
    }
  }

  /** Goes on with what is there, as far as it goes. */
  void process() {
    if (processing || ctx == null) {
      return;
    }
    processing = true;
    try {
      boolean goesOn = true;
      while (goesOn) {
        goesOn = step();
      }
    } catch (HttpFault fault) {
      refuse(fault);
    } finally {
      processing = false;
    }
    if (in != null && !in.isReadable()) {
      release();
    }
    if ((in == null || in.readableBytes() <= MAX_BEHIND)
        && !context().channel().config().isAutoRead()) {
      context().channel().config().setAutoRead(true);
    }
  }

  private boolean step() throws HttpFault {
    return switch (state) {
      case HEAD -> head();
      case FIXED -> fixed();
      case CHUNK_SIZE -> chunkSize();
      case CHUNK_DATA -> chunkData();
      case CHUNK_END -> chunkEnd();
      case TRAILERS -> trailers();
      case READ, DEAF, LINGER -> false;
    };
  }

  // The head.

  private boolean head() throws HttpFault {
    ByteBuf buffer = in;
    if (buffer == null || !buffer.isReadable()) {
      return false;
    }
    if (first && endpoint.h2c() && buffer.getByte(buffer.readerIndex()) == 'P') {
      switch (preface(buffer)) {
        case YES -> {
          becomeHttp2();
          return false;
        }
        case MAYBE -> {
          return false;
        }
        case NO -> {}
      }
    }
    if (scanned == 0) {
      skipEmptyLine(buffer);
      if (!first) {
        since = System.nanoTime();
      }
    }
    int end = headEnd(buffer);
    if (end < 0) {
      return false;
    }
    byte[] bytes = loop.scratch(end);
    buffer.getBytes(buffer.readerIndex(), bytes, 0, end);
    buffer.skipBytes(end);
    first = false;
    scanned = 0;
    lineFeed = 0;
    dispatch(RequestHead.parse(bytes, 0, end));
    return true;
  }

  private static void skipEmptyLine(ByteBuf buffer) {
    int at = buffer.readerIndex();
    if (buffer.readableBytes() >= 2
        && buffer.getByte(at) == '\r'
        && buffer.getByte(at + 1) == '\n') {
      buffer.skipBytes(2);
    }
  }

  /** The length of the head, or -1 when it is not all there. */
  private int headEnd(ByteBuf buffer) throws HttpFault {
    int start = buffer.readerIndex();
    int end = buffer.writerIndex();
    int from = start + scanned;
    while (from < end) {
      int at = buffer.indexOf(from, end, (byte) '\n');
      if (at < 0) {
        break;
      }
      int position = at - start;
      if (position == 0 || buffer.getByte(at - 1) != '\r') {
        throw new HttpFault(400, "a line feed alone");
      }
      if (lineFeed > 0 && position - lineFeed == 2) {
        if (position >= Endpoint.MAX_HEAD) {
          throw new HttpFault(431, "Request Header Fields Too Large");
        }
        return position + 1;
      }
      lineFeed = position;
      from = at + 1;
    }
    scanned = end - start;
    if (scanned >= Endpoint.MAX_HEAD) {
      throw new HttpFault(431, "Request Header Fields Too Large");
    }
    return -1;
  }

  private void dispatch(RequestHead head) throws HttpFault {
    Targets.check(head.method(), head.target());
    Http1Exchange made = new Http1Exchange(this, out, loop, head, endpoint.scheme(), peer);
    exchange = made;
    since = System.nanoTime();
    left = head.length();
    state = left < 0 ? State.CHUNK_SIZE : left > 0 ? State.FIXED : State.READ;
    discarded = 0;
    if (!head.expect().isEmpty()
        && !head.expect().toLowerCase(Locale.ROOT).equals("100-continue")) {
      throw new HttpFault(417, "");
    }
    if (head.target().equals("*") && head.method().equals("OPTIONS")) {
      made.head(200, new HttpHeaders());
      made.end();
      return;
    }
    try {
      endpoint.chain().handle(made, made);
    } catch (RuntimeException e) {
      made.abort(e);
    }
  }

  /** Answers what is no request, or a body that breaks the rules. */
  private void refuse(HttpFault fault) {
    Http1Exchange running = exchange;
    state = State.DEAF;
    release();
    if (running != null && running.takesBody()) {
      running.bodyFailed(fault);
      return;
    }
    if (running != null && running.committed()) {
      // The answer goes out, the connection ends with it.
      return;
    }
    if (running == null && endpoint.h2c() && RequestHead.BAD_VERSION.equals(fault.getMessage())) {
      // Perhaps a broken HTTP/2 preface: an answer in HTTP/1 would be noise to its sender.
      closeSoon();
      return;
    }
    if (running == null) {
      running =
          new Http1Exchange(
              this,
              out,
              loop,
              new RequestHead("GET", "/", true, new HttpHeaders(), "", 0, false, ""),
              endpoint.scheme(),
              peer);
      exchange = running;
    }
    loop.log().debug("request refused", "status", fault.status(), "reason", fault.getMessage());
    Faults.answer(running, fault);
  }

  // The body.

  private boolean fixed() {
    ByteBuf buffer = in;
    Http1Exchange running = exchange;
    if (buffer == null || !buffer.isReadable() || running == null || !flows(running)) {
      return false;
    }
    int count = (int) Math.min(left, buffer.readableBytes());
    left -= count;
    if (left == 0) {
      state = State.READ;
    }
    deliver(running, buffer, count);
    if (left == 0 && state == State.READ) {
      complete(running, HttpHeaders.EMPTY);
    }
    return true;
  }

  /** Whether body bytes can go somewhere: to the reader, or nowhere once the answer is complete. */
  private static boolean flows(Http1Exchange running) {
    return running.done() || running.takesBody();
  }

  private void deliver(Http1Exchange running, ByteBuf buffer, int count) {
    if (running.done()) {
      buffer.skipBytes(count);
      discarded += count;
      if (discarded > MAX_DISCARD) {
        closeSoon();
      }
      return;
    }
    byte[] bytes = new byte[count];
    buffer.readBytes(bytes);
    running.bodyChunk(ByteBuffer.wrap(bytes));
  }

  /** The request is read. */
  private void complete(Http1Exchange running, HttpHeaders fields) {
    if (running.done()) {
      nextRequest();
    } else {
      running.bodyEnd(fields);
    }
  }

  private boolean chunkSize() throws HttpFault {
    Http1Exchange running = exchange;
    if (running == null || !flows(running)) {
      return false;
    }
    String line = line();
    if (line == null) {
      return false;
    }
    int end = 0;
    long size = 0;
    while (end < line.length() && Targets.hex(line.charAt(end)) >= 0) {
      size = size << 4 | Targets.hex(line.charAt(end++));
      if (end > 15) {
        throw new HttpFault(400, "malformed chunked encoding");
      }
    }
    // An extension means nothing to us, but it has to be one.
    String rest = line.substring(end).stripLeading();
    if (end == 0 || !rest.isEmpty() && rest.charAt(0) != ';') {
      throw new HttpFault(400, "malformed chunked encoding");
    }
    left = size;
    trailerBytes = 0;
    trailers = null;
    state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
    return true;
  }

  private boolean chunkData() {
    ByteBuf buffer = in;
    Http1Exchange running = exchange;
    if (buffer == null || !buffer.isReadable() || running == null || !flows(running)) {
      return false;
    }
    int count = (int) Math.min(left, buffer.readableBytes());
    left -= count;
    if (left == 0) {
      state = State.CHUNK_END;
    }
    deliver(running, buffer, count);
    return true;
  }

  private boolean chunkEnd() throws HttpFault {
    ByteBuf buffer = in;
    if (buffer == null || buffer.readableBytes() < 2) {
      return false;
    }
    if (buffer.readByte() != '\r' || buffer.readByte() != '\n') {
      throw new HttpFault(400, "malformed chunked encoding");
    }
    state = State.CHUNK_SIZE;
    return true;
  }

  private boolean trailers() throws HttpFault {
    Http1Exchange running = exchange;
    String line = line();
    if (line == null || running == null) {
      return false;
    }
    if (line.isEmpty()) {
      state = State.READ;
      HttpHeaders fields = trailers == null ? HttpHeaders.EMPTY : trailers;
      complete(running, fields);
      return true;
    }
    trailerBytes += line.length();
    int colon = line.indexOf(':');
    if (trailerBytes > MAX_BEHIND || colon < 0 || !HeaderNames.isToken(line.substring(0, colon))) {
      throw new HttpFault(400, "malformed trailer");
    }
    if (trailers == null) {
      trailers = new HttpHeaders();
    }
    trailers.add(
        HeaderNames.canonical(line.substring(0, colon)), line.substring(colon + 1).strip());
    return true;
  }

  /** The next line without its end, or null when it is not all there. */
  private @Nullable String line() throws HttpFault {
    ByteBuf buffer = in;
    if (buffer == null) {
      return null;
    }
    int start = buffer.readerIndex();
    int end = buffer.indexOf(start, buffer.writerIndex(), (byte) '\n');
    if (end < 0) {
      if (buffer.readableBytes() > MAX_BEHIND) {
        throw new HttpFault(400, "line too long");
      }
      return null;
    }
    if (end == start || buffer.getByte(end - 1) != '\r') {
      throw new HttpFault(400, "a line feed alone");
    }
    String line = buffer.toString(start, end - 1 - start, StandardCharsets.ISO_8859_1);
    buffer.skipBytes(end + 1 - start);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c < 0x20 && c != '\t' || c == 0x7f) {
        throw new HttpFault(400, "a control character in a chunked body");
      }
    }
    return line;
  }

  // What the exchange tells.

  /** Whether the body has been read to its end. */
  boolean requestRead() {
    return state == State.READ;
  }

  /** Whether the connection can go on once the running answer is complete. */
  boolean canGoOn() {
    return !draining
        && switch (state) {
          case READ, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS -> true;
          case FIXED -> left <= MAX_DISCARD;
          default -> false;
        };
  }

  /** The answer is complete. */
  void answered(Http1Exchange answered, boolean keepAlive) {
    if (exchange != answered) {
      return;
    }
    if (!keepAlive || !canGoOn()) {
      closeSoon();
      return;
    }
    if (state == State.READ) {
      nextRequest();
    }
    process();
  }

  private void nextRequest() {
    exchange = null;
    state = State.HEAD;
    since = System.nanoTime();
    if (draining) {
      closeSoon();
    }
  }

  /** Closes, but reads on for a moment: a reset would destroy what the client has not read yet. */
  private void closeSoon() {
    boolean clean = state == State.HEAD || state == State.READ;
    exchange = null;
    boolean unread = in != null && in.isReadable();
    state = State.LINGER;
    release();
    if (clean && !unread) {
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    since = System.nanoTime();
    context().channel().config().setAutoRead(true);
    context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(done -> {
          if (context().channel() instanceof io.netty.channel.socket.DuplexChannel duplex) {
            duplex.shutdownOutput();
          }
        });
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http1Exchange running = exchange;
    if (running != null && context.channel().isWritable()) {
      running.becameWritable();
    }
    context.fireChannelWritabilityChanged();
  }

  // Deadlines.

  @Override
  void check(long now) {
    ChannelHandlerContext context = context();
    if (stalled(now)) {
      loop.log().debug("client does not read its answer, connection closed");
      context.close();
      return;
    }
    HttpConfig.Timeouts timeouts = endpoint.timeouts();
    switch (state) {
      case HEAD -> {
        boolean begun = in != null && in.isReadable();
        Duration limit = begun || first ? timeouts.header() : timeouts.idle();
        if (now - since > limit.toNanos()) {
          if (begun) {
            refuse(new HttpFault(408, "Request Timeout"));
          } else {
            context.close();
          }
        }
      }
      case FIXED, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS -> {
        if (now - since > timeouts.read().toNanos()) {
          refuse(new HttpFault(408, "Request Timeout"));
        }
      }
      case LINGER -> {
        if (now - since > LINGER.toNanos() && pending == 0) {
          context.close();
        }
      }
      case READ, DEAF -> {}
    }
  }

  /** Whether bytes wait for the client and none has moved for the write timeout. */
  private boolean stalled(long now) {
    var queue = context().channel().unsafe().outboundBuffer();
    long waiting = queue == null ? 0 : queue.totalPendingWriteBytes();
    if (waiting == 0 || waiting < pending || pending == 0) {
      pendingSince = now;
    }
    pending = waiting;
    return waiting > 0 && now - pendingSince > endpoint.timeouts().write().toNanos();
  }

  @Override
  void drain() {
    draining = true;
    if (exchange == null && state == State.HEAD) {
      context().close();
    }
  }

  // HTTP/2 without TLS.

  private enum Preface {
    YES,
    NO,
    MAYBE
  }

  private static Preface preface(ByteBuf buffer) {
    int count = Math.min(buffer.readableBytes(), PREFACE.length);
    for (int i = 0; i < count; i++) {
      if (buffer.getByte(buffer.readerIndex() + i) != PREFACE[i]) {
        return Preface.NO;
      }
    }
    return count == PREFACE.length ? Preface.YES : Preface.MAYBE;
  }

  private void becomeHttp2() {
    ByteBuf bytes = in;
    in = null;
    state = State.LINGER;
    ChannelHandlerContext context = context();
    Http2Connections.begin(context.pipeline(), loop, endpoint);
    context.pipeline().remove(this);
    if (bytes != null) {
      context.pipeline().fireChannelRead(bytes);
    }
  }
}
