package dev.rr.plugin.googlepubsub;

import dev.rr.plugin.googlepubsub.PubSubProto.StreamingPullRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.StreamingPullResponse;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stream over which jobs arrive, on a connection of its own: what is not read from it holds up
 * nothing else. Any thread.
 */
final class PullStream extends ClientCall.Listener<StreamingPullResponse> {
  private static final Duration DRAIN = Duration.ofSeconds(2);

  /** Of jobs without an outcome, counted by the server; a single larger one still comes. */
  private static final long MOST_BYTES = 16 << 20;

  /** Since which version the server answers signs of life. */
  private static final long ANSWERS_SIGNS = 1;

  /** Of signs of life that have no answer. */
  private static final int MOST_UNANSWERED = 3;

  private final PubSubPipeline pipeline;
  private final ManagedChannel channel;
  private final ClientCall<StreamingPullRequest, StreamingPullResponse> call;
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final long openedAt = System.nanoTime();
  private volatile boolean connected;
  // Guarded by this.
  private boolean asked;
  private boolean closing;
  private boolean heard;
  private boolean answersSigns;
  private int unanswered;
  private int early;

  private PullStream(PubSubPipeline pipeline, PubSubClient client) {
    this.pipeline = pipeline;
    this.channel = client.newChannel();
    this.call = channel.newCall(PubSubMethods.STREAMING_PULL, client.options());
  }

  /** Opens one, and does not wait until it is connected. */
  static PullStream open(PubSubPipeline pipeline, PubSubClient client) {
    PullStream stream = new PullStream(pipeline, client);
    stream.begin();
    return stream;
  }

  private void begin() {
    call.start(this, new Metadata());
    synchronized (this) {
      call.sendMessage(
          StreamingPullRequest.newBuilder()
              .setSubscription(pipeline.subscription())
              .setStreamAckDeadlineSeconds(pipeline.leaseSeconds())
              .setClientId(pipeline.clientId())
              .setMaxOutstandingMessages(pipeline.prefetch())
              .setMaxOutstandingBytes(MOST_BYTES)
              .setProtocolVersion(ANSWERS_SIGNS)
              .build());
    }
    more();
  }

  /** Reads on, if there is room: a server that does not count would send without end. */
  void more() {
    synchronized (this) {
      if (asked || (!closing && !pipeline.leases().hasRoom())) {
        return;
      }
      asked = true;
    }
    call.request(1);
  }

  /**
   * Shows that somebody is there, where nothing has come for a while; ends the stream when the
   * server does not answer that.
   */
  void giveSign() {
    synchronized (this) {
      boolean quiet = asked && !heard;
      heard = false;
      if (!quiet || !connected || closing) {
        return;
      }
      if (answersSigns && ++unanswered > MOST_UNANSWERED) {
        closing = true;
        call.cancel("nothing is heard of it", null);
      } else {
        call.sendMessage(StreamingPullRequest.getDefaultInstance());
      }
    }
  }

  // ---- what arrives ----------------------------------------------------------------------------

  @Override
  public void onReady() {
    if (!connected) {
      connected = true;
      pipeline.connected();
    }
  }

  @Override
  public void onMessage(StreamingPullResponse message) {
    int wereEarly = pipeline.take(message.getReceivedMessagesList());
    synchronized (this) {
      asked = false;
      heard = true;
      unanswered = 0;
      answersSigns |= message.getReceivedMessagesCount() == 0;
      early += wereEarly;
    }
    more();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end.complete(status);
    pipeline.leases().wakeUp();
  }

  // ---- its end ---------------------------------------------------------------------------------

  /** Whether it was connected. */
  boolean isConnected() {
    return connected;
  }

  /** How long it has been there. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - openedAt);
  }

  /**
   * Whether it is to be followed by another: it has ended, it does not get connected, or what is
   * kept until it is due keeps the server from sending what is due already.
   */
  boolean isOver() {
    if (end.isDone()) {
      return true;
    }
    if (!connected) {
      return age().compareTo(PubSubClient.TIMEOUT) > 0;
    }
    synchronized (this) {
      return early > 0 && early >= pipeline.prefetch() / 2;
    }
  }

  /** How it has ended. */
  Status status() {
    return end.getNow(connected ? Status.OK : Status.DEADLINE_EXCEEDED);
  }

  /** Ends it, and lets what is on its way arrive. */
  void close() throws InterruptedException {
    synchronized (this) {
      if (!closing && connected && !end.isDone()) {
        call.halfClose();
      }
      closing = true;
    }
    more();
    try {
      if (connected) {
        Status unused = end.get(DRAIN.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      // What is on its way comes again.
    } finally {
      abort();
    }
  }

  /** Ends it at once. */
  void abort() {
    ManagedChannel unused = channel.shutdownNow();
  }
}
