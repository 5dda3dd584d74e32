package dev.rr.plugin.http.http1;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.Exchange;
import dev.rr.http.Http1Head;
import dev.rr.http.OutboundBuffer;
import dev.rr.plugin.http.connection.HeadWriter;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.PooledBuffer;
import dev.rr.plugin.http.connection.Upgradable;
import dev.rr.plugin.http.text.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP/1 and its answer: how the rules of {@link Exchange} become bytes (RFC 9112).
 * On its loop only.
 *
 * <p>What is written waits in the channel's queue until {@link #push}, so a head and a small body
 * leave in one packet. Writes carry the void promise, which costs nothing: that one failed is seen
 * by the channel becoming inactive. Only who needs to know the moment takes a promise of its own.
 */
final class Http1Exchange extends Exchange implements Upgradable {
  /** Bytes up to which a copy is cheaper than a second buffer. */
  private static final int COPY = 64 * 1024;

  private static final byte[] CHUNK_END = {'\r', '\n'};

  private final Http1Connection connection;
  private final HeadWriter out;

  /** The announced length of the request's body; -1 when it is chunked. */
  private final long length;

  private final boolean http11;

  /** Whether the client holds the body back until it is told to go on. */
  private boolean expectsContinue;

  private boolean keepAlive;

  // How the end of the answer's body is told (RFC 9112, section 6.3): by the length in its head,
  // by chunks, or, to a client of HTTP/1.0, by the end of the connection.

  private boolean chunked;
  private boolean endsWithConnection;

  /** Whether 101 would be the answer to an {@code Upgrade}, and whether it was given. */
  private boolean switches;

  private boolean switched;

  /** Bytes of the part of a file that is on its way; the channel does not count them. */
  private long region;

  Http1Exchange(
      Http1Connection connection, HeadWriter out, Loop loop, Http1Head head, SocketAddress peer) {
    super(loop, head.request(), peer);
    this.connection = connection;
    this.out = out;
    this.length = head.length();
    this.http11 = head.http11();
    this.keepAlive = head.keepAlive();
    this.expectsContinue = http11 && length != 0 && !head.expect().isEmpty();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  protected void bodyWanted() {
    if (length == 0) {
      bodyEnd(HttpHeaders.EMPTY);
      return;
    }
    // The body is asked for only now that somebody wants it: an answer that needs none, a refusal
    // for instance, saves the client the sending (RFC 9110, section 10.1.1).
    if (expectsContinue && !committed()) {
      expectsContinue = false;
      // A client may have sent it all without waiting for 100 Continue.
      if (!connection.requestRead()) {
        sendInterim(100, HttpHeaders.EMPTY);
      }
    }
    connection.process();
  }

  @Override
  protected void sendInterim(int code, HttpHeaders fields) {
    // HTTP/1.0 knows no interim answers (RFC 9110, section 15.2).
    if (http11) {
      ChannelHandlerContext context = connection.context();
      ByteWriter head = out.interim(code, fields);
      ByteBuf bytes = context.alloc().directBuffer(head.size());
      bytes.writeBytes(head.array(), 0, head.size());
      context.writeAndFlush(bytes, context.voidPromise());
    }
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders fields, long known, @Nullable ByteBuffer body, boolean end) {
    if (switches && code == 101) {
      ChannelHandlerContext context = connection.context();
      write(context, copy(context, out.switching(fields), null));
      switched = true;
      return;
    }
    boolean unknown = !end && known < 0 && hasBody();
    // A client that still waits for the 100 may send its body or not: where the next request begins
    // cannot be told, so the connection ends with this answer.
    chunked = unknown && http11;
    endsWithConnection = unknown && !http11;
    keepAlive = keepAlive && !endsWithConnection && !expectsContinue && connection.canGoOn();
    ByteWriter head =
        out.head(code, fields, hasBody() || known >= 0 ? known : -1, chunked, http11, keepAlive);
    keepAlive = out.keepAlive();
    int size = body == null ? 0 : body.remaining();
    ChannelHandlerContext context = connection.context();
    // The usual answer is one buffer and one write to the socket.
    if (size > COPY || chunked) {
      write(context, copy(context, head, null));
      if (body != null) {
        sendBody(body);
      }
    } else {
      write(context, copy(context, head, body));
    }
  }

  private static ByteBuf copy(
      ChannelHandlerContext context, ByteWriter head, @Nullable ByteBuffer body) {
    ByteBuf bytes =
        context.alloc().directBuffer(head.size() + (body == null ? 0 : body.remaining()));
    bytes.writeBytes(head.array(), 0, head.size());
    return body == null ? bytes : bytes.writeBytes(body);
  }

  private static void write(ChannelHandlerContext context, Object message) {
    context.write(message, context.voidPromise());
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    ChannelHandlerContext context = connection.context();
    if (!chunked) {
      write(context, Unpooled.wrappedBuffer(bytes));
      return;
    }
    int size = bytes.remaining();
    ByteBuf begin = chunkHead(context, size, size <= COPY ? size + 2 : 0);
    if (size <= COPY) {
      write(context, begin.writeBytes(bytes).writeBytes(CHUNK_END));
    } else {
      write(context, begin);
      write(context, Unpooled.wrappedBuffer(bytes));
      write(context, Unpooled.wrappedBuffer(CHUNK_END));
    }
  }

  @Override
  protected OutboundBuffer outboundBuffer(int length) {
    ChannelHandlerContext context = connection.context();
    return new PooledBuffer(context.alloc(), length, bytes -> sendPiece(context, bytes));
  }

  private void sendPiece(ChannelHandlerContext context, ByteBuf bytes) {
    if (!chunked) {
      write(context, bytes);
      return;
    }
    write(context, chunkHead(context, bytes.readableBytes(), 0));
    write(context, bytes);
    write(context, Unpooled.wrappedBuffer(CHUNK_END));
  }

  private static ByteBuf chunkHead(ChannelHandlerContext context, long size, int more) {
    String hex = Long.toHexString(size);
    ByteBuf begin = context.alloc().directBuffer(hex.length() + 2 + more);
    begin.writeCharSequence(hex, StandardCharsets.US_ASCII);
    return begin.writeBytes(CHUNK_END);
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    ChannelHandlerContext context = connection.context();
    if (context.pipeline().get(SslHandler.class) != null) {
      // The kernel cannot encrypt what it sends.
      return false;
    }
    if (chunked) {
      write(context, chunkHead(context, count, 0));
    }
    region = count;
    context
        .write(new DefaultFileRegion(file, offset, count))
        .addListener(done -> {
          region = 0;
          if (!done.isSuccess()) {
            // The file became shorter: its length was promised, so only cutting is honest.
            abandon();
            context.close();
          } else if (chunked) {
            write(context, Unpooled.wrappedBuffer(CHUNK_END));
          }
          after.run();
        });
    return true;
  }

  /** Bytes of a file's part that is on its way, 0 without. */
  long region() {
    return region;
  }

  @Override
  protected void sendEnd(HttpHeaders trailers) {
    if (chunked) {
      ChannelHandlerContext context = connection.context();
      ByteWriter end = out.chunkedEnd(trailers);
      write(
          context, context.alloc().directBuffer(end.size()).writeBytes(end.array(), 0, end.size()));
    }
  }

  @Override
  protected void push() {
    connection.context().flush();
    connection.count();
  }

  @Override
  protected void cut() {
    // Without the last chunk, or with fewer bytes than announced, the client sees that it was cut.
    connection.context().close();
  }

  @Override
  protected void answered() {
    // More was written than announced: the client would take the rest for the next answer.
    connection.answered(this, keepAlive && !endsWithConnection && !overran());
  }

  // Another protocol.

  @Override
  public boolean isTunnel() {
    return false;
  }

  @Override
  public HttpUpgrade.Wire leave(HttpUpgrade.Receiver receiver, Runnable answer) {
    UpgradedConnection next = connection.successor(receiver);
    // Before everything that is written: the loop takes tasks in their order.
    execute(() -> switchTo(next, answer));
    return next.wire();
  }

  private void switchTo(UpgradedConnection next, Runnable answer) {
    switches = true;
    try {
      answer.run();
    } catch (RuntimeException e) {
      abort(e);
    }
    if (switched) {
      abandon();
      connection.become(next);
      return;
    }
    if (!done()) {
      abort(new IllegalStateException("a middleware has changed the answer to an Upgrade"));
    }
    next.refused(new IOException("the request is over"));
  }

  @Override
  protected boolean transportWritable() {
    return connection.context().channel().isWritable();
  }
}
