package dev.rr.plugin.http3;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.http.ExchangeLoop;
import dev.rr.http.FramedExchange;
import dev.rr.http.FramedHead;
import dev.rr.http.HttpDates;
import dev.rr.http.SentFields;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A request over HTTP/3 and its answer. On its loop only. */
final class Http3Exchange extends FramedExchange {
  /** Bytes of a frame: a client that is slow but reads is seen to move by each. */
  private static final int FRAME = 64 * 1024;

  /** A frame type that has no meaning (RFC 9114, section 7.2.8). */
  private static final int PADDING = 0x40;

  /**
   * The last bytes of every stream, with which its end is told: {@link #PADDING} as a number of two
   * bytes, and a length of 0. Where an end without bytes is lost together with bytes before it,
   * quiche sends the bytes again and not the end, and clients would wait for ever.
   */
  private static final byte[] LAST = {0x40, PADDING, 0};

  private final QuicStreamChannel stream;
  private final ChannelFutureListener sent = this::sent;
  private final ChannelFutureListener finished = this::finished;
  private final MemoryBudget budget;
  private boolean closeAtEnd;

  Http3Exchange(QuicStreamChannel stream, FramedHead head, MemoryBudget budget, Log log) {
    super(
        new Loop(stream.eventLoop(), log),
        head.request("HTTP/3.0", "https"),
        peer(stream),
        head.length());
    this.stream = stream;
    this.budget = budget;
  }

  @Override
  public Object source() {
    return stream.parent();
  }

  private static SocketAddress peer(QuicStreamChannel stream) {
    SocketAddress remote = stream.parent().remoteSocketAddress();
    return remote == null ? new InetSocketAddress(0) : remote;
  }

  private record Loop(EventLoop eventLoop, Log log) implements ExchangeLoop {
    @Override
    public void execute(Runnable task) {
      try {
        eventLoop.execute(task);
      } catch (RejectedExecutionException e) {
        log.debug("the server has stopped, nobody waits for this answer");
      }
    }
  }

  /**
   * Resets a stream in both directions and lets go of it: a close alone would say that the answer
   * is complete.
   */
  static void reset(QuicStreamChannel stream, Http3ErrorCode code) {
    stream.shutdown(code.code()).addListener(done -> stream.close());
  }

  private ChannelFuture write(Object frame) {
    return stream.write(frame).addListener(sent);
  }

  /** A client that wants no answer any more says so by refusing what is sent. */
  private void sent(ChannelFuture future) {
    if (!future.isSuccess()) {
      refused();
    }
  }

  private void refused() {
    if (!done()) {
      gone();
      reset(stream, Http3ErrorCode.H3_REQUEST_CANCELLED);
    }
  }

  /** Ends the stream behind what was written. */
  private void finish() {
    // The first handler makes bytes of frames; these are bytes already.
    stream
        .pipeline()
        .firstContext()
        .write(new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(LAST), true))
        .addListener(finished);
  }

  private void finished(ChannelFuture future) {
    if (closeAtEnd) {
      stream.close();
    }
  }

  /**
   * Nothing more comes from the client. An answer that is complete still goes out: the client may
   * have given up no more than the rest of its request.
   */
  void broken(Http3ErrorCode code) {
    if (!done() || stream.isOutputShutdown()) {
      gone();
      reset(stream, code);
    } else {
      closeAtEnd = true;
    }
  }

  /** Sends something that means nothing, to learn whether the client still waits. */
  void probe() {
    if (done() || !stream.isWritable()) {
      return;
    }
    ChannelFuture padding = write(new DefaultHttp3UnknownFrame(PADDING, Unpooled.EMPTY_BUFFER));
    if (!padding.isDone() && stream.bytesBeforeUnwritable() > 0) {
      // There is room and it was not taken: the client has stopped this stream, which is no more.
      refused();
    }
  }

  /** The client is gone. */
  void gone() {
    gone(new HttpFault(400, "unexpected EOF"));
  }

  @Override
  protected void waits(int bytes) {
    if (stream.config().isAutoRead() != (bytes == 0)) {
      // What is not taken is not asked for: the window closes by itself.
      stream.config().setAutoRead(bytes == 0);
    }
  }

  private static Http3Headers fields(HttpHeaders from, int status) {
    Http3Headers to = new DefaultHttp3Headers(false, from.size() + 4);
    if (status > 0) {
      to.status(Integer.toString(status));
    }
    SentFields.framed(
        from, (name, value) -> to.add(new AsciiString(name), new AsciiString(value, false)));
    return to;
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders answer, long known, @Nullable ByteBuffer body, boolean end) {
    Http3Headers head = fields(answer, code);
    if (!head.contains("date")) {
      head.add("date", HttpDates.format(Instant.now()));
    }
    if (known >= 0) {
      head.add("content-length", Long.toString(known));
    }
    write(new DefaultHttp3HeadersFrame(head));
    if (body != null && body.hasRemaining()) {
      sendBody(body);
    }
    if (end) {
      finish();
    }
  }

  @Override
  protected void sendInterim(int code, HttpHeaders answer) {
    write(new DefaultHttp3HeadersFrame(fields(answer, code)));
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    while (bytes.remaining() > FRAME) {
      frame(bytes.slice(bytes.position(), FRAME));
      bytes.position(bytes.position() + FRAME);
    }
    frame(bytes);
  }

  /** Counts a frame for as long as it waits for the client. */
  private void frame(ByteBuffer bytes) {
    int size = bytes.remaining();
    budget.add(size);
    write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes)))
        .addListener(done -> budget.give(size));
  }

  @Override
  protected void sendEnd(HttpHeaders trailers) {
    if (!trailers.isEmpty()) {
      write(new DefaultHttp3HeadersFrame(fields(trailers, 0)));
    }
    finish();
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    return false;
  }

  @Override
  protected void push() {
    stream.flush();
  }

  @Override
  protected void cut() {
    reset(stream, Http3ErrorCode.H3_INTERNAL_ERROR);
  }

  @Override
  protected void answered() {
    if (!requestRead()) {
      // The rest of the body is not wanted (RFC 9114, section 4.1).
      stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
    }
  }

  @Override
  protected boolean transportWritable() {
    return stream.isWritable();
  }
}
