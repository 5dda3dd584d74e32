package dev.rr.plugin.googlepubsub;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.netty.EventLoops;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with Pub/Sub: calls over one connection, which is dialed again when it is lost, and
 * channels for streams. Any thread.
 */
final class PubSubClient {
  /** How long a call may take that nobody gave a deadline. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A connection over which nothing came for so long, though something was asked, is replaced. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int DIAL_MILLIS = 10_000;

  /** Pub/Sub ends connections of clients that look more often. */
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

  private static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(20);

  /** Of one answer; a message has at most 10 MB. */
  private static final int LARGEST = 64 << 20;

  private final Address.Tcp address;
  private final PubSubAccess access;
  private final PubSubOutage outage;
  private final EventLoops loops = EventLoops.nio("rr-google_pub_sub", 1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("rr-google_pub_sub-client").factory());
  // Guarded by this.
  private ManagedChannel calls;
  private boolean closed;

  private volatile long answeredAt = System.nanoTime();

  /** One that has not dialed yet. */
  PubSubClient(Address.Tcp address, PubSubAccess access, Log log) {
    this.address = address;
    this.access = access;
    this.outage = new PubSubOutage(log);
    this.calls = newChannel();
    watch(calls, ConnectivityState.IDLE);
  }

  PubSubOutage outage() {
    return outage;
  }

  // ---- calls -----------------------------------------------------------------------------------

  /**
   * Calls, again and again with pauses until the deadline where that may help.
   *
   * @throws CallFailure what came of it
   */
  <Q, A> A insist(MethodDescriptor<Q, A> method, Q request, Deadline deadline)
      throws CallFailure, InterruptedException {
    return insist(method, request, deadline, deadline);
  }

  /**
   * As {@link #insist(MethodDescriptor, Object, Deadline)}, for less long where there is an answer.
   *
   * @param again until when it is called again
   */
  <Q, A> A insist(MethodDescriptor<Q, A> method, Q request, Deadline again, Deadline deadline)
      throws CallFailure, InterruptedException {
    CallFailure before = null;
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call(method, request, deadline);
      } catch (CallFailure e) {
        if (!e.mayPass() || again.passed() || deadline.passed()) {
          // What there was no time for says less than what has failed before.
          throw before != null && e.isSilence() ? before : e;
        }
        before = e;
      }
      Duration left = deadline.remaining();
      Thread.sleep(left.compareTo(pause) < 0 ? left : pause);
      pause = Attempts.longer(pause, LONGEST_PAUSE);
      hurry();
    }
  }

  /**
   * Calls once.
   *
   * @throws CallFailure what came of it
   */
  <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Deadline deadline)
      throws CallFailure, InterruptedException {
    ManagedChannel over = calls();
    long begun = System.nanoTime();
    CompletableFuture<A> answer = new CompletableFuture<>();
    ClientCall<Q, A> call =
        over.newCall(
            method,
            options().withDeadlineAfter(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
    call.start(new Answer<>(answer), new Metadata());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    try {
      A got = answer.get();
      answered();
      return got;
    } catch (InterruptedException e) {
      call.cancel("nobody waits for it any more", e);
      throw e;
    } catch (ExecutionException e) {
      throw failed(over, begun, Status.fromThrowable(e));
    }
  }

  private void answered() {
    answeredAt = System.nanoTime();
    outage.up(this);
  }

  private CallFailure failed(ManagedChannel over, long begun, Status status) {
    CallFailure failure = CallFailure.of(toString(), status);
    if (failure.isUnreachable()) {
      outage.down(this, failure, () -> over.getState(false) == ConnectivityState.READY);
    } else if (!failure.isSilence()) {
      answered();
    } else if (System.nanoTime() - begun > SILENCE.toNanos() && answeredAt - begun < 0) {
      replace(over);
    }
    return failure;
  }

  /** What one call waits for. */
  private static final class Answer<A> extends ClientCall.Listener<A> {
    private final CompletableFuture<A> future;
    private @Nullable A message;

    Answer(CompletableFuture<A> future) {
      this.future = future;
    }

    @Override
    public void onMessage(A given) {
      message = given;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      A got = message;
      if (!status.isOk()) {
        future.completeExceptionally(new StatusException(status));
      } else if (got == null) {
        future.completeExceptionally(
            new StatusException(Status.INTERNAL.withDescription("there was no answer")));
      } else {
        future.complete(got);
      }
    }
  }

  // ---- connections -----------------------------------------------------------------------------

  private synchronized ManagedChannel calls() {
    return calls;
  }

  /** Dials at once, if it waits to dial again. */
  void hurry() {
    calls().resetConnectBackoff();
  }

  private synchronized void replace(ManagedChannel silent) {
    if (calls == silent && !closed) {
      // Other calls over it may still be answered.
      var unused = silent.shutdown();
      calls = newChannel();
      watch(calls, ConnectivityState.IDLE);
    }
  }

  /** Is told of each change, so that the end of an outage is seen though nobody calls. */
  private void watch(ManagedChannel channel, ConnectivityState seen) {
    if (seen == ConnectivityState.READY) {
      outage.up(this);
    }
    if (seen != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(seen, () -> watch(channel, channel.getState(false)));
    }
  }

  /** A connection of its own, whose owner ends it. */
  ManagedChannel newChannel() {
    return NettyChannelBuilder.forAddress(address.host(), address.port(), access.channel())
        .eventLoopGroup(loops.group())
        .channelType(NioSocketChannel.class)
        .executor(threads)
        .offloadExecutor(threads)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, DIAL_MILLIS)
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
        .maxInboundMessageSize(LARGEST)
        .disableServiceConfigLookUp()
        .disableRetry()
        .userAgent("rr")
        .build();
  }

  /** How calls and streams are made. */
  CallOptions options() {
    return access.calls();
  }

  /** Ends everything. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    ManagedChannel last;
    synchronized (this) {
      closed = true;
      last = calls;
    }
    var unused =
        last.shutdownNow().awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    threads.shutdown();
    loops.stop(deadline.remaining().toMillis());
  }

  @Override
  public String toString() {
    return "Pub/Sub at " + address.text();
  }
}
