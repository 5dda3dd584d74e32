package dev.rr.api.grpc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A call whose messages have come whole; where both sides stream, the first of them. Belongs to one
 * thread at a time: whoever handles it.
 */
public interface GrpcCall {
  /** The service's full name, for example {@code app.Echo}. */
  String service();

  /** The method's name alone. */
  String method();

  /** What came with it, pseudo headers but {@code :authority} left out; may be changed. */
  GrpcMetadata metadata();

  /**
   * The messages as they came, decompressed and not decoded; neither list nor bytes are to be
   * changed. One, unless the proto file says that the client streams: then all of them. Where both
   * sides stream it is the first, or none where the client has sent none, and {@link #next} tells
   * of the others.
   */
  List<byte[]> messages();

  /**
   * The client's next message where both sides stream; elsewhere {@link GrpcNext#END}. A message
   * belongs to whoever gets it, and the client may send another one then. Any thread, but one wait
   * at a time.
   *
   * @param longest after which it is {@link GrpcNext#NOTHING}
   * @return is completed on any thread, never exceptionally; may be cancelled, which loses nothing
   */
  CompletableFuture<GrpcNext> next(Duration longest);

  /** The client's address: {@code ip:port}, or {@code @} of a unix socket. */
  String peer();

  /** Whether it came through TLS. */
  boolean secure();

  /** For those who come later in the chain, under names of their own. */
  Map<String, Object> notes();

  /**
   * Has something run when the client gives up or its time is over; at once when that has happened.
   * On any thread; must not block.
   */
  void onCancel(Runnable action);

  /**
   * Why nobody waits for the answer any more: {@link GrpcStatus#CANCELLED} or {@link
   * GrpcStatus#DEADLINE_EXCEEDED}; empty while somebody does. Any thread.
   */
  Optional<GrpcStatus> cancelled();
}
