package dev.rr.plugin.rpc;

import static java.util.Objects.requireNonNull;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import dev.rr.goridge.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client. Calls run on virtual threads, quick ones on the event loop, and may be answered in
 * any order; everything else here is touched by the connection's event loop only. Reading pauses
 * while too many calls are in flight, while answers are not taken, and while there is no room for a
 * large request. A client that leaves has its calls run to their end, unless they asked to be told;
 * their answers are dropped.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  /** Arguments of more bytes are not decoded on the event loop, whatever their method. */
  private static final int QUICK = 16 * 1024;

  private final Dispatcher dispatcher;
  private final Limits limits;
  private final Budget budget;
  private final CallCounts counts;
  private final Log log;
  private final Channel channel;
  private final CallRunner runner;
  private final FrameReader reader;
  private final Runnable retry = this::retryOnLoop;

  /** Calls that want to be told when the client leaves. Any thread. */
  private final Set<PendingCall> concerned = ConcurrentHashMap.newKeySet();

  private final @Nullable Tracer tracer;
  private volatile boolean left;

  /** Bytes that arrived but are not looked at before reading goes on. */
  private @Nullable ByteBuf held;

  private int inFlight;

  /** What was taken of the budget for the frame that is being read, in bytes. */
  private long frameBudget;

  private boolean waitsForBudget;
  private boolean draining;
  private boolean watched;
  private long bytesRead;

  Connection(
      Channel channel,
      CallRunner runner,
      Dispatcher dispatcher,
      Limits limits,
      Budget budget,
      CallCounts counts,
      @Nullable Tracer tracer,
      Log log) {
    this.channel = channel;
    this.runner = runner;
    this.dispatcher = dispatcher;
    this.limits = limits;
    this.budget = budget;
    this.counts = counts;
    this.tracer = tracer;
    this.log = log;
    this.reader = new FrameReader(limits.payload());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    bytesRead += in.readableBytes();
    held = held == null ? in : Unpooled.wrappedBuffer(held, in);
    consumeHeld();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    channel.flush();
    watch();
  }

  private void consumeHeld() {
    ByteBuf in = held;
    if (in == null) {
      return;
    }
    try {
      consume(in);
    } catch (FrameReader.BrokenFrame e) {
      log.warn(
          "an RPC client sent no proper frame, closing its connection", "error", e.getMessage());
      in.skipBytes(in.readableBytes());
      close();
    }
    if (!in.isReadable()) {
      held = null;
      in.release();
    }
    channel.config().setAutoRead(!pauses());
  }

  private void consume(ByteBuf in) throws FrameReader.BrokenFrame {
    while (!pauses() && (in.isReadable() || reader.isInFrame())) {
      reader.readHead(in);
      if (!reserve(reader.announced())) {
        return;
      }
      Call call = reader.readPayload(in);
      if (call == null) {
        return;
      }
      Lease lease = new Lease(budget, frameBudget, call.payload().length);
      frameBudget = 0;
      accept(new PendingCall(call, lease));
    }
  }

  private boolean pauses() {
    return draining || waitsForBudget || inFlight >= limits.inFlight() || !channel.isWritable();
  }

  private boolean reserve(long payload) {
    if (payload == 0) {
      return true;
    }
    long bytes = Lease.admission(payload);
    boolean taken = budget.take(bytes, retry);
    waitsForBudget = !taken;
    frameBudget = taken ? bytes : 0;
    return taken;
  }

  private void retryOnLoop() {
    try {
      channel.eventLoop().execute(this::retryBudget);
    } catch (RejectedExecutionException stopped) {
      budget.next();
    }
  }

  private void retryBudget() {
    waitsForBudget = false;
    resume();
    if (!waitsForBudget) {
      budget.next();
    }
  }

  private void accept(PendingCall pending) {
    inFlight++;
    Call call = pending.call;
    try {
      if (call.dropped() > 0) {
        throw new IllegalArgumentException(tooLong(call));
      }
      pending.handler = dispatcher.find(call.method());
    } catch (IllegalArgumentException e) {
      pending.deliver(RpcReply.error(call, String.valueOf(e.getMessage())));
      return;
    }
    if (pending.handler.quick() && call.payload().length <= QUICK) {
      RpcReply answer = pending.answer();
      if (answer != null) {
        pending.deliver(answer);
      }
    } else {
      runner.submit(pending);
    }
  }

  private String tooLong(Call call) {
    return "rpc: the request of "
        + (call.payload().length + call.dropped())
        + " bytes is over the limit of "
        + limits.payload();
  }

  /** A call until its answer is written, which gives its memory back. */
  private final class PendingCall implements CallRunner.Work, ChannelFutureListener, RpcCall {
    private final Call call;
    private final Lease lease;
    private final long since = System.nanoTime();
    private @Nullable RpcHandler handler;
    private @Nullable Span span;
    private volatile @Nullable Runnable onLeave;

    PendingCall(Call call, Lease lease) {
      this.call = call;
      this.lease = lease;
    }

    @Override
    public @Nullable RpcReply answer() {
      Object result;
      try {
        RpcArgument argument = call.codec().argument(call.payload(), call.nameLength(), lease);
        result = requireNonNull(handler).call(argument, this);
      } catch (Throwable e) { // a caller that is never answered would wait for ever
        return ended(null, e);
      }
      return result instanceof CompletionStage<?> stage ? later(stage) : ended(result, null);
    }

    /** Null when it has yet to complete, and its thread takes the answer to the event loop. */
    private @Nullable RpcReply later(CompletionStage<?> stage) {
      CompletableFuture<RpcReply> answer = stage.handle(this::ended).toCompletableFuture();
      if (answer.isDone()) {
        return answer.join();
      }
      var unused = answer.thenAccept(reply -> runner.finished(this, reply));
      return null;
    }

    /** The answer of a call that has come to its end. On any thread. */
    private RpcReply ended(@Nullable Object result, @Nullable Throwable error) {
      RpcReply answer = error == null ? encoded(result) : failed(error);
      ended(answer);
      return lease.answer(answer.body().length) ? answer : leftOut(answer.body().length);
    }

    private RpcReply encoded(@Nullable Object result) {
      try {
        long size = call.codec().size(result);
        if (size > 0 && !lease.answer(size)) {
          return leftOut(size);
        }
        return RpcReply.result(call, call.codec().encode(result));
      } catch (Throwable e) { // as above
        return failed(e);
      }
    }

    private RpcReply leftOut(long bytes) {
      return RpcReply.error(
          call,
          "rpc: the answer of "
              + bytes
              + " bytes is left out: with those that wait for their callers to read them it is more"
              + " than all calls together may take, "
              + budget.size()
              + " bytes, a third of the heap");
    }

    private RpcReply failed(Throwable thrown) {
      Throwable e =
          thrown instanceof CompletionException c && c.getCause() != null ? c.getCause() : thrown;
      if (e instanceof Exception) {
        return RpcReply.error(call, e.getMessage() == null ? e.toString() : e.getMessage());
      }
      log.log(Log.Level.ERROR, "an RPC method failed", e, "method", call.method());
      return RpcReply.error(call, "rpc: " + call.method() + " failed: " + e);
    }

    private void ended(RpcReply answer) {
      if (onLeave != null) {
        concerned.remove(this);
      }
      if (span != null) {
        if ((answer.flags() & Frame.ERROR) != 0) {
          span.error(new String(answer.body(), StandardCharsets.UTF_8));
        }
        span.end();
      }
    }

    @Override
    public Deadline deadline() {
      return Deadline.after(LONGEST.minusNanos(System.nanoTime() - since));
    }

    @Override
    public Span span() {
      Span begun = span;
      if (begun == null) {
        begun =
            tracer == null
                ? Span.NONE
                : tracer.begin(call.method(), Tracer.Kind.SERVER, name -> null);
        span = begun;
      }
      return begun;
    }

    @Override
    public boolean left() {
      return left;
    }

    @Override
    public void onLeave(Runnable action) {
      onLeave = action;
      concerned.add(this);
      if (left) {
        tell();
      }
    }

    @Override
    public <T> CompletionStage<T> offload(Callable<T> rest) {
      if (!channel.eventLoop().inEventLoop()) {
        return RpcCall.super.offload(rest);
      }
      CompletableFuture<T> result = new CompletableFuture<>();
      runner.execute(() -> complete(result, rest));
      return result;
    }

    /** Tells that the client has left, once. */
    void tell() {
      Runnable action = onLeave;
      if (concerned.remove(this) && action != null) {
        action.run();
      }
    }

    @Override
    public void deliver(RpcReply answer) {
      inFlight--;
      counts.answered((answer.flags() & Frame.ERROR) != 0);
      if (channel.isActive()) {
        channel.write(answer.frame(channel.alloc())).addListener(this);
      } else {
        lease.close();
      }
      closeWhenDrained();
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      lease.close();
    }

    @Override
    public void flush() {
      channel.flush();
      resume();
      watch();
    }

    @Override
    public void dropped() {
      lease.close();
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> rest) {
    try {
      result.complete(rest.call());
    } catch (Throwable e) { // a caller that is never answered would wait for ever
      result.completeExceptionally(e);
    }
  }

  private void resume() {
    if (!pauses()) {
      consumeHeld();
      channel.config().setAutoRead(!pauses());
      channel.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    channel.config().setAutoRead(!pauses());
    resume();
    watch();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // A process that dies ends its side no otherwise than one that only asks nothing more.
      leave();
      drain();
    }
  }

  private void leave() {
    left = true;
    concerned.forEach(PendingCall::tell);
  }

  /** Takes no further requests; closes once the running ones are answered. On the event loop. */
  void drain() {
    draining = true;
    channel.config().setAutoRead(false);
    closeWhenDrained();
  }

  private void closeWhenDrained() {
    if (draining && inFlight == 0 && channel.isActive()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      watch();
    }
  }

  private void close() {
    draining = true;
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    draining = true;
    leave();
    budget.give(frameBudget);
    frameBudget = 0;
    budget.forget(retry);
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      log.log(Log.Level.ERROR, "an RPC connection failed", cause);
    }
    close();
  }

  /** While the peer owes bytes or does not take ours, looks now and then whether it gets on. */
  private void watch() {
    if (!watched && isOwed()) {
      watched = true;
      Progress now = progress();
      channel
          .eventLoop()
          .schedule(() -> look(now), limits.stall().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look(Progress before) {
    watched = false;
    if (channel.isActive() && isOwed() && progress().equals(before)) {
      log.warn("an RPC client stopped in the middle of a frame, closing its connection");
      close();
    } else if (channel.isActive()) {
      watch();
    }
  }

  private boolean isOwed() {
    return (reader.isInFrame() && !pauses()) || progress().pending() > 0;
  }

  private Progress progress() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    return out == null
        ? new Progress(bytesRead, 0, 0)
        : new Progress(bytesRead, out.totalPendingWriteBytes(), out.currentProgress());
  }

  /**
   * How far a connection is.
   *
   * @param read bytes read
   * @param pending bytes waiting to be written
   * @param written bytes of the first waiting buffer that were written
   */
  private record Progress(long read, long pending, long written) {}
}
