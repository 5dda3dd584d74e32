package dev.rr.grpc;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.grpc.GrpcHandler;
import dev.rr.api.grpc.GrpcMetadata;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.grpc.MessageBytes.Received;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call between the transport and the chain, which gets it when all of its messages are there. The
 * transport calls on the connection's loop; the answer comes from any thread, and the transport
 * hands it to the loop.
 */
final class ServedCall extends ServerCall.Listener<Received> implements GrpcCall, GrpcReply {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String GZIP = "gzip";

  /** How long a client may take nothing of a stream. */
  private static final Duration STALL = Duration.ofSeconds(30);

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
  private long received;
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
    memory.onRefused(this::refuse);
    memory.take(CallMetadata.size(metadata));
    this.compressed = GZIP.equals(incoming.get(ENCODING));
    this.clientStreams = !call.getMethodDescriptor().getType().clientSendsOneMessage();
    // Of one, the end is asked for as well.
    call.request(clientStreams ? 1 : 2);
  }

  // ---- the client ------------------------------------------------------------------------------

  @Override
  public void onMessage(Received message) {
    if (ended.get()) {
      return;
    }
    received += message.bytes().length + CallMemory.OBJECTS;
    if (message.fault() != null) {
      end(message.fault(), new Metadata());
    } else if (!messages.isEmpty() && !clientStreams) {
      end(Status.INTERNAL.withDescription("more than one message"), new Metadata());
    } else if (!messages.isEmpty() && received > settings.mostReceived()) {
      end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "the messages of a call may have " + settings.mostReceived() + " bytes together"),
          new Metadata());
    } else {
      messages.add(message.bytes());
      memory.take(compressed ? message.bytes().length : CallMemory.OBJECTS);
      if (clientStreams) {
        call.request(1);
      }
    }
  }

  /** On its loop, while the message comes. */
  private void refuse() {
    end(
        Status.RESOURCE_EXHAUSTED.withDescription(
            "the server holds as many messages as it may, try again later"),
        new Metadata());
  }

  @Override
  public void onHalfClose() {
    if (ended.get()) {
      return;
    }
    if (messages.isEmpty() && !clientStreams) {
      end(Status.INTERNAL.withDescription("the call has no message"), new Metadata());
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
    List<Runnable> actions;
    synchronized (this) {
      cancelled = whyCancelled();
      actions = List.copyOf(onCancel);
      onCancel.clear();
      notifyAll();
    }
    actions.forEach(Runnable::run);
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
    if (ended.get() || cancelled().isPresent()) {
      return false;
    }
    begin();
    call.sendMessage(message);
    if (isTaken()) {
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
    }
  }
}
