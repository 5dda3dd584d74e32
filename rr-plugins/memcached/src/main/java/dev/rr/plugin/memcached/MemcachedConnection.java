package dev.rr.plugin.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server: commands go out without waiting for the answers of those before, which
 * come in their order. Of its loop, but for {@link #send}, {@link #close} and {@link #onEnd}.
 */
final class MemcachedConnection extends ByteToMessageDecoder {
  /** More than any line of an answer: a key has 250 bytes at most. */
  private static final int LONGEST_LINE = 2048;

  private final Channel channel;
  private final Duration timeout;
  private final Queue<TextCommand<?>> sent = new ArrayDeque<>();

  /** Where the value goes that is being read; null when it is dropped. */
  private byte @Nullable [] value;

  /** Bytes of that value that are still to come; -1 while none is read. */
  private int missing = -1;

  /**
   * When a line or a value was complete, or somebody began to wait. Bytes alone do not count: a
   * server that drips would be waited for without an end.
   */
  private long heard;

  private boolean watching;
  private IOException end = new IOException("connection closed");
  private boolean ended;

  /**
   * A connection that is not there yet.
   *
   * @param timeout the longest that a line of an answer, or a value, is waited for
   */
  MemcachedConnection(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** Sends commands, in this order and at once. */
  void send(List<? extends TextCommand<?>> commands) {
    channel.eventLoop().execute(() -> write(commands));
  }

  private void write(List<? extends TextCommand<?>> commands) {
    if (ended) {
      commands.forEach(command -> command.completeExceptionally(new Ended(end)));
      return;
    }
    if (sent.isEmpty()) {
      heard = System.nanoTime();
    }
    ByteBuf out = channel.alloc().buffer();
    for (TextCommand<?> command : commands) {
      command.write(out);
      sent.add(command);
    }
    channel.writeAndFlush(out, channel.voidPromise());
    if (!watching) {
      watch();
    }
  }

  /** Looks again when the silence would be too long, as long as somebody waits. */
  private void watch() {
    long left = timeout.toNanos() - (System.nanoTime() - heard);
    watching = !ended && !sent.isEmpty();
    if (!watching) {
      return;
    }
    if (left > 0) {
      channel.eventLoop().schedule(this::watch, left, TimeUnit.NANOSECONDS);
      return;
    }
    IOException silent = new IOException("no answer within " + timeout.toMillis() + " ms");
    sent.forEach(command -> command.completeExceptionally(silent));
    channel.close();
  }

  /** Has {@code then} run when it ends, on its loop. */
  void onEnd(Runnable then) {
    channel.closeFuture().addListener(closed -> then.run());
  }

  /** Ends it; commands without an answer fail. */
  void close() {
    channel.close();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws IOException {
    while (missing >= 0 ? takeValue(in) : takeLine(in)) {
      heard = System.nanoTime();
    }
  }

  private boolean takeValue(ByteBuf in) throws IOException {
    int there = Math.min(missing, in.readableBytes());
    if (value == null) {
      in.skipBytes(there);
    } else {
      in.readBytes(value, value.length - missing, there);
    }
    missing -= there;
    if (missing > 0 || in.readableBytes() < 2) {
      return false;
    }
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw new IOException("memcache: corrupt get result read");
    }
    value = null;
    missing = -1;
    return true;
  }

  private boolean takeLine(ByteBuf in) throws IOException {
    int end = in.bytesBefore((byte) '\n');
    if (end < 0) {
      if (in.readableBytes() > LONGEST_LINE) {
        throw new IOException("memcache: a line without an end");
      }
      return false;
    }
    String line = in.readCharSequence(end, UTF_8).toString();
    in.skipBytes(1);
    TextCommand<?> command = asked();
    missing = command.line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    if (missing >= 0) {
      value = command.room(missing);
    } else if (command.isAnswered()) {
      sent.remove();
    }
    return true;
  }

  private TextCommand<?> asked() throws IOException {
    TextCommand<?> first = sent.peek();
    if (first == null) {
      throw new IOException("memcache: an answer that nobody asked for");
    }
    return first;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    for (TextCommand<?> command : sent) {
      command.completeExceptionally(new Ended(end));
    }
    sent.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    Throwable cause =
        failure.getCause() != null && failure.getCause() instanceof IOException
            ? failure.getCause()
            : failure;
    end = cause instanceof IOException io ? io : new IOException(cause);
    context.close();
  }

  /** The connection ended before the answer came. */
  static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;

    Ended(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
