package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.Faults;
import dev.rr.http.Http1Head;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.HeadWriter;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.RawConnection;
import dev.rr.plugin.http.connection.TimeLimits;
import dev.rr.plugin.http.connection.UpgradeHandler;
import dev.rr.plugin.http.http2.Http2Connections;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1: one request after the other, pipelined ones wait (RFC 9112,
 * section 9.3).
 *
 * <p>Everything runs on the loop of its channel: Netty's calls, the loop's look at deadlines, and
 * what the running exchange tells. So there are no locks, but there is re-entrance: handing a piece
 * of a body to its reader may lead to a whole answer, to {@link #answered}, and so to the next
 * request, before the call returns. {@link #process} therefore never recurses. It leaves the work
 * to the call that is under way below it on the stack, and every step looks anew at what has become
 * of the state.
 *
 * <p>A chunk of a body is taken out of {@link Http1Input} only when somebody wants it. What nobody
 * wants yet stays there, and past a bound the socket is no longer read from, so the client is held
 * up by TCP.
 */
public final class Http1Connection extends RawConnection {
  /**
   * An unread rest of a body up to this size is read and dropped to keep the connection: Go's
   * figure.
   */
  static final long MAX_DISCARD = 256 * 1024;

  private enum State {
    /** Between requests, or within a head. */
    HEAD,
    /** A request is being read or answered. */
    REQUEST,
    /** Nothing more is understood or wanted; the answer may still be under way. */
    IGNORING_INPUT,
    /** Closing: what comes is dropped. */
    LINGER
  }

  private final HeadWriter out;
  private SocketAddress peer = new InetSocketAddress(0);
  private final Http1Input in = new Http1Input();
  private final Http1Body body = new Http1Body();
  private State state = State.HEAD;

  /** Whether {@link #process} is under way. */
  private boolean processing;

  /** Whether no head has been read yet. */
  private boolean first = true;

  /** Whether the server is stopping: the running request is the last. */
  private boolean draining;

  /** The running request; null between requests. */
  private @Nullable Http1Exchange exchange;

  /** Since when the client is waited for: for a request, the rest of its head, or of its body. */
  private long since;

  /** A connection on {@code loop}, which answers through the handler of {@code endpoint}. */
  public Http1Connection(Loop loop, Endpoint endpoint) {
    super(loop, endpoint);
    this.out = new HeadWriter(loop);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    super.handlerAdded(context);
    // Behind TLS the channel has been active for a while; a plain one becomes active later.
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
    in.release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    count();
    Http1Exchange running = exchange;
    // What the exchange does when it is told must find the connection closed already.
    exchange = null;
    boolean reading = state != State.HEAD && !requestRead();
    state = State.LINGER;
    in.release();
    if (running != null) {
      if (reading) {
        running.bodyFailed(new HttpFault(400, "unexpected EOF"));
      }
      running.abandon();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (state == State.LINGER || state == State.IGNORING_INPUT) {
      bytes.release();
      return;
    }
    in.add(context.alloc(), bytes);
    process();
  }

  /**
   * A client that sends more behind the running request, or does not read its answers, is no longer
   * read from.
   */
  private void readOrWait() {
    Channel channel = context().channel();
    boolean busy = state == State.REQUEST || state == State.HEAD && !channel.isWritable();
    boolean reads = !busy || in.size() <= Http1Input.MAX_BEHIND;
    if (channel.config().isAutoRead() != reads) {
      channel.config().setAutoRead(reads);
    }
  }

  /**
   * Goes on with what is there, as far as it goes: until a head or a body needs more bytes, or a
   * reader or the client is behind. Called by the channel with more bytes, and by the exchange when
   * its body is wanted, or wanted again.
   */
  void process() {
    if (processing) {
      // Further down the stack; it takes another step when this call returns.
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
    if (in.isEmpty()) {
      in.release();
    }
    readOrWait();
  }

  /** Takes one step; false when the next one has to wait for somebody. */
  private boolean step() throws HttpFault {
    return switch (state) {
      case HEAD -> head();
      case REQUEST -> body();
      case IGNORING_INPUT, LINGER -> false;
    };
  }

  // The head.

  private boolean head() throws HttpFault {
    if (in.isEmpty() || !context().channel().isWritable()) {
      // The answers before have to be read first.
      return false;
    }
    if (first && endpoint.h2c()) {
      switch (in.preface()) {
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
    if (in.atHeadStart()) {
      if (in.skipsEmptyLine()) {
        return false;
      }
      if (!first) {
        // The connection was idle until now. A first head's time runs from the connection's begin,
        // so that a client that sends nothing has no longer than one that sends slowly.
        since = System.nanoTime();
      }
    }
    int length = in.headLength();
    if (length < 0) {
      checkLines();
      return false;
    }
    byte[] bytes = loop.scratch(length);
    in.head(bytes, length);
    first = false;
    dispatch(Http1Head.parse(bytes, 0, length, endpoint.scheme()));
    return true;
  }

  /** Answers what becomes no request at once, instead of waiting for its end. */
  private void checkLines() throws HttpFault {
    int length = in.newLines();
    if (length > 0) {
      byte[] bytes = loop.scratch(length);
      boolean first = in.look(bytes, length);
      Http1Head.checkLines(bytes, length, first);
    }
  }

  /**
   * Begins a request. The exchange is there before anything can be refused: what refuses a request
   * answers it.
   */
  private void dispatch(Http1Head head) throws HttpFault {
    Http1Exchange made = new Http1Exchange(this, out, loop, head, peer);
    exchange = made;
    since = System.nanoTime();
    body.begin(head.length());
    state = State.REQUEST;
    if (!head.expect().isEmpty()
        && !head.expect().toLowerCase(Locale.ROOT).equals("100-continue")) {
      // The only expectation there is (RFC 9110, section 10.1.1).
      throw new HttpFault(417, "");
    }
    if (head.upgrade()) {
      UpgradeHandler.offer(made);
    }
    made.answerBy(endpoint.chain());
  }

  /**
   * Answers what is no request, or a body that breaks the rules. Nothing after it is looked at:
   * where a next request would begin is exactly what is no longer known, and a guess would let
   * somebody smuggle one in (RFC 9112, section 11.2).
   */
  private void refuse(HttpFault fault) {
    Http1Exchange running = exchange;
    state = State.IGNORING_INPUT;
    in.release();
    if (running != null && running.takesBody()) {
      // Whoever reads the body answers: a half-taken form has to be cleaned up first.
      running.bodyFailed(fault);
      return;
    }
    if (running != null && running.committed()) {
      // The answer goes out, the connection ends with it.
      return;
    }
    if (running == null && endpoint.h2c() && Http1Head.NO_VERSION.equals(fault.getMessage())) {
      // Perhaps a broken HTTP/2 preface: an answer in HTTP/1 would be noise to its sender.
      closeSoon();
      return;
    }
    if (running == null) {
      running = new Http1Exchange(this, out, loop, Http1Head.none(endpoint.scheme()), peer);
      exchange = running;
    }
    loop.log().debug("request refused", "status", fault.status(), "reason", fault.getMessage());
    Faults.answer(running, fault);
  }

  // The body.

  private boolean body() throws HttpFault {
    Http1Exchange running = exchange;
    if (running == null || !body.step(in, running)) {
      return false;
    }
    if (state != State.REQUEST || exchange != running) {
      // Whoever took the piece has answered, and the next request is up.
      return true;
    }
    if (body.discarded() > MAX_DISCARD) {
      // Reading on costs more than the client's next connection.
      closeSoon();
    } else if (body.isRead()) {
      complete(running);
    }
    return true;
  }

  /** The request is read to its end, which may be before its answer or after it. */
  private void complete(Http1Exchange running) {
    if (running.done()) {
      nextRequest();
    } else {
      running.bodyEnd(body.trailers());
    }
  }

  // What the exchange tells.

  /** Whether the body has been read to its end. */
  boolean requestRead() {
    return state == State.REQUEST && body.isRead();
  }

  /**
   * Whether the connection can go on once the running answer is complete: a rest of the body that
   * is still to come has to be small enough to be read and dropped.
   */
  boolean canGoOn() {
    return !draining && state == State.REQUEST && body.isWithin(MAX_DISCARD);
  }

  /** The answer is complete: its last byte was given to the channel. */
  void answered(Http1Exchange answered, boolean keepAlive) {
    if (exchange != answered) {
      // Closed in between, by a deadline or by the client.
      return;
    }
    if (!keepAlive || !canGoOn()) {
      closeSoon();
      return;
    }
    if (requestRead()) {
      nextRequest();
    }
    // Otherwise the rest of the body comes first, and is dropped.
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
    boolean clean = (state == State.HEAD || requestRead()) && in.isEmpty();
    exchange = null;
    state = State.LINGER;
    in.release();
    finish(clean);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    count();
    Http1Exchange running = exchange;
    if (context.channel().isWritable()) {
      if (running != null) {
        running.becameWritable();
      }
      process();
    }
    context.fireChannelWritabilityChanged();
  }

  // Deadlines.

  @Override
  protected long uncounted() {
    return exchange == null ? 0 : exchange.region();
  }

  @Override
  protected void checkRequests(long now) {
    TimeLimits timeouts = endpoint.timeouts();
    if (state == State.HEAD) {
      checkHead(now, timeouts);
    } else if (state == State.REQUEST
        // A request that is read may take as long as its worker: that is the pool's to bound.
        && !body.isRead()
        && now - since > timeouts.read().toNanos()) {
      refuse(new HttpFault(408, "Request Timeout"));
    }
  }

  private void checkHead(long now, TimeLimits timeouts) {
    if (unread()) {
      // Whoever has yet to read an answer is neither idle nor late with the next request.
      since = now;
      return;
    }
    boolean begun = !in.isEmpty();
    Duration limit = begun || first ? timeouts.header() : timeouts.idle();
    if (now - since <= limit.toNanos()) {
      return;
    }
    if (begun) {
      refuse(new HttpFault(408, "Request Timeout"));
    } else {
      context().close();
    }
  }

  @Override
  protected void drain() {
    // The running answer says "Connection: close", unless its head is out already.
    draining = true;
    if (exchange == null && state == State.HEAD) {
      context().close();
    }
  }

  // Other protocols.

  /** What this connection can become. Any thread. */
  UpgradedConnection successor(HttpUpgrade.Receiver receiver) {
    return new UpgradedConnection(loop, endpoint, receiver);
  }

  /** Leaves the connection to a protocol that the running request has asked for. */
  void become(UpgradedConnection next) {
    ByteBuf bytes = in.take();
    exchange = null;
    state = State.LINGER;
    countNothing();
    context().pipeline().replace(this, null, next);
    next.begin(bytes);
    if (draining) {
      next.drain();
    }
  }

  /**
   * Leaves the connection to HTTP/2, whose client knew beforehand that it is spoken here (RFC 9113,
   * section 3.3). The preface and what came behind it go through the new pipeline.
   */
  private void becomeHttp2() {
    ByteBuf bytes = in.take();
    state = State.LINGER;
    ChannelHandlerContext context = context();
    Http2Connections.begin(context.pipeline(), loop, endpoint);
    context.pipeline().remove(this);
    if (bytes != null) {
      context.pipeline().fireChannelRead(bytes);
    }
  }
}
