package dev.rr.grpc;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcMetadata;
import dev.rr.api.grpc.GrpcNext;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.grpc.MessageBytes.Received;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call between the transport and the chain, which gets it when all of its messages are there;
 * where both sides stream, with the first. The transport calls on the connection's loop; the answer
 * comes from any thread, and the transport hands it to the loop.
 */
final class ServedCall extends ServerCall.Listener<Received> implements GrpcCall, GrpcReply {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String GZIP = "gzip";

  /** How long a client may take nothing of a stream. */
  private static final Duration STALL = Duration.ofSeconds(30);

  /**
   * What the transport takes in of a client whose message waits for its worker, and what only it
   * knows: HTTP/2's window.
   */
  private static final int WINDOW = NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW;

  private final ServerCall<Received, byte[]> call;
  private final String service;
  private final String method;
  private final GrpcHandler handler;
  private final CallSettings settings;
  private final GrpcMetadata metadata;
  private final CallMemory.Share memory;
  private final boolean compressed;
  private final GrpcMetadata headers = new GrpcMetadata();
  private final GrpcMetadata trailers = new GrpcMetadata();
  private final Map<String, Object> notes = new HashMap<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  // Guarded by this.
  private final List<Runnable> onCancel = new ArrayList<>(1);
  // Once it is set, what comes later runs at once.
  private @Nullable GrpcStatus cancelled;
  private final List<byte[]> messages = new ArrayList<>(1);
  private final boolean clientStreams;
  // Behind the first, where both sides stream.
  private final @Nullable PendingMessage pending;
  private long received;
  private boolean handled;
  // The answer's thread alone.
  private boolean begun;

  ServedCall(
      ServerCall<Received, byte[]> call,
      Metadata incoming,
      String service,
      GrpcHandler handler,
      CallSettings settings) {
    this.call = call;
    this.service = service;
    this.method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    this.handler = handler;
    this.settings = settings;
    this.metadata = CallMetadata.received(incoming, call.getAuthority());
    this.memory = settings.memory().ofThisCall();
    memory.onRefused(this::refuseForMemory);
    memory.take(CallMetadata.size(metadata));
    this.compressed = GZIP.equals(incoming.get(ENCODING));
    MethodType type = call.getMethodDescriptor().getType();
    this.clientStreams = !type.clientSendsOneMessage();
    this.pending = type == MethodType.BIDI_STREAMING ? new PendingMessage(this::taken) : null;
    // Of one, the end is asked for as well.
    call.request(clientStreams ? 1 : 2);
    if (pending != null) {
      PendingMessage next = pending;
      OpenCalls.onStop(() -> serverStops(next));
    }
  }

  // ---- the client ------------------------------------------------------------------------------

  @Override
  public void onMessage(Received message) {
    if (ended.get()) {
      return;
    }
    if (pending != null) {
      onMessage(message, pending);
      return;
    }
    received += message.bytes().length + CallMemory.OBJECTS;
    if (message.fault() != null) {
      refuse(message.fault());
    } else if (!messages.isEmpty() && !clientStreams) {
      refuse(Status.INTERNAL.withDescription("more than one message"));
    } else if (!messages.isEmpty() && received > settings.mostReceived()) {
      refuse(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "the messages of a call may have " + settings.mostReceived() + " bytes together"));
    } else {
      messages.add(message.bytes());
      memory.take(CallMemory.OBJECTS);
      if (clientStreams) {
        call.request(1);
      }
    }
  }

  private void onMessage(Received message, PendingMessage next) {
    if (message.fault() != null) {
      refuse(message.fault());
      return;
    }
    memory.take(CallMemory.OBJECTS + (handled ? WINDOW : 0));
    if (ended.get()) {
      // It found no room.
      return;
    }
    long held = memory.lastTaken();
    if (handled) {
      next.put(message.bytes(), held);
    } else {
      // It is held to the end, for the worker may have to be sent it again.
      messages.add(message.bytes());
      call.request(1);
      handle();
    }
  }

  /** Somebody has a message; the next may come. */
  private void taken(long bytes) {
    memory.give(bytes);
    if (!ended.get()) {
      call.request(1);
    }
  }

  /** While a message comes. */
  private void refuseForMemory() {
    refuse(CallMemory.NO_ROOM);
  }

  /**
   * Ends the call for what the client sent, on its loop. Where both sides stream a worker may be in
   * the midst of its answer, which is over for it as if the client had left.
   */
  private void refuse(Status why) {
    synchronized (this) {
      if (ended.compareAndSet(false, true)) {
        call.close(why, new Metadata());
      }
    }
    if (handled) {
      cancel(GrpcStatus.of(why.getCode().value(), String.valueOf(why.getDescription())));
    }
  }

  @Override
  public void onHalfClose() {
    if (ended.get()) {
      return;
    }
    if (messages.isEmpty() && !clientStreams) {
      refuse(Status.INTERNAL.withDescription("the call has no message"));
      return;
    }
    if (pending != null) {
      pending.end();
    }
    if (!handled) {
      handle();
    }
  }

  /**
   * A client that streams may never end, so whoever waits for its next message hears of the stop,
   * and it is sent away where nobody has begun. Any thread.
   */
  private void serverStops(PendingMessage next) {
    synchronized (this) {
      if (!handled && ended.compareAndSet(false, true)) {
        call.close(Status.UNAVAILABLE.withDescription("the server stops"), new Metadata());
      }
    }
    next.stop();
  }

  private synchronized boolean begins() {
    handled = !ended.get();
    return handled;
  }

  private void handle() {
    if (!begins()) {
      return;
    }
    try {
      handler.handle(this, this);
    } catch (RuntimeException e) {
      settings.log().log(Log.Level.ERROR, "a call could not be handled", e);
      fail(GrpcStatus.of(GrpcStatus.INTERNAL, "internal error"));
    }
  }

  @Override
  public void onCancel() {
    // Whatever is sent on a stream that is over may cost the whole connection.
    ended.set(true);
    cancel(whyCancelled());
  }

  private void cancel(GrpcStatus why) {
    List<Runnable> actions;
    synchronized (this) {
      cancelled = why;
      actions = List.copyOf(onCancel);
      onCancel.clear();
      notifyAll();
    }
    actions.forEach(Runnable::run);
    closePending();
  }

  private void closePending() {
    if (pending != null) {
      pending.close();
    }
  }

  private static GrpcStatus whyCancelled() {
    Deadline deadline = Context.current().getDeadline();
    return deadline != null && deadline.isExpired()
        ? GrpcStatus.of(GrpcStatus.DEADLINE_EXCEEDED, "context deadline exceeded")
        : GrpcStatus.of(GrpcStatus.CANCELLED, "context canceled");
  }

  // ---- the call --------------------------------------------------------------------------------

  @Override
  public String service() {
    return service;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public GrpcMetadata metadata() {
    return metadata;
  }

  @Override
  public List<byte[]> messages() {
    return messages;
  }

  @Override
  public CompletableFuture<GrpcNext> next(Duration longest) {
    return pending == null
        ? CompletableFuture.completedFuture(GrpcNext.END)
        : pending.next(longest);
  }

  @Override
  public String peer() {
    return text(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  /** As Go writes addresses; a client of a unix socket has none. */
  private static String text(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return "@";
    }
    InetAddress ip = inet.getAddress();
    String host = ip == null ? inet.getHostString() : ip.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
  }

  @Override
  public boolean secure() {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION) != null;
  }

  @Override
  public Map<String, Object> notes() {
    return notes;
  }

  @Override
  public void onCancel(Runnable action) {
    synchronized (this) {
      if (cancelled == null) {
        onCancel.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public synchronized Optional<GrpcStatus> cancelled() {
    return Optional.ofNullable(cancelled);
  }

  // ---- the answer ------------------------------------------------------------------------------

  @Override
  public GrpcMetadata headers() {
    return headers;
  }

  @Override
  public GrpcMetadata trailers() {
    return trailers;
  }

  @Override
  public void message(byte[] answer) {
    if (answer.length > settings.mostSent()) {
      fail(CallSettings.tooLarge(answer.length, settings.mostSent()));
    } else if (ended.compareAndSet(false, true)) {
      memory.add(answer.length);
      begin();
      call.sendMessage(answer);
      call.close(Status.OK, CallMetadata.sent(trailers, settings.log()));
      closePending();
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      if (compressed) {
        call.setCompression(GZIP);
      }
      call.sendHeaders(CallMetadata.sent(headers, settings.log()));
    }
  }

  @Override
  public boolean part(byte[] message) {
    synchronized (this) {
      // Not while the loop refuses what came.
      if (ended.get() || cancelled != null) {
        return false;
      }
      memory.add(message.length);
      begin();
      call.sendMessage(message);
    }
    if (isTaken()) {
      memory.give(message.length);
      return true;
    }
    fail(GrpcStatus.of(GrpcStatus.RESOURCE_EXHAUSTED, "the client does not read"));
    return false;
  }

  /** Waits until the client has taken so much that more may be sent, or does not want it. */
  private synchronized boolean isTaken() {
    long end = System.nanoTime() + STALL.toNanos();
    try {
      while (cancelled == null && !call.isReady()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  @Override
  public synchronized void onReady() {
    notifyAll();
  }

  @Override
  public void end() {
    if (ended.compareAndSet(false, true)) {
      begin();
      call.close(Status.OK, CallMetadata.sent(trailers, settings.log()));
      closePending();
    }
  }

  @Override
  public void fail(GrpcStatus status) {
    Metadata end = CallMetadata.sent(trailers, settings.log());
    if (status.details().length > 0) {
      end.discardAll(DETAILS);
      end.put(DETAILS, status.details());
    }
    end(transportStatus(status), end);
  }

  /** A code that gRPC does not know cannot be sent; details still tell it. */
  private static Status transportStatus(GrpcStatus status) {
    Status known = Status.fromCodeValue(status.code());
    return (known.isOk() ? Status.UNKNOWN : known).withDescription(status.message());
  }

  private void end(Status status, Metadata end) {
    if (ended.compareAndSet(false, true)) {
      if (headers.size() > 0) {
        begin();
      }
      call.close(status, end);
      closePending();
    }
  }
}
