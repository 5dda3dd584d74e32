package dev.rr.plugin.lock;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.rpc.RpcCall;
import dev.rr.plugin.lock.Locks.Released;
import dev.rr.proto.LockProto.LockRequest;
import dev.rr.proto.LockProto.LockResponse;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Locks over RPC, for workers and whoever else reaches the socket. Starts before workers do, and
 * stops after them: they lock while they boot and while they finish. RPC outlives it, since it
 * would wait for calls that wait here.
 */
@Plugin(value = "lock", weight = 99)
final class LockPlugin implements Lifecycle {
  /** Upstream's word for no end: 365 days. */
  private static final long UNLIMITED_MICROS = 31_555_952_000_000L;

  /** What a caller waits that does not say. */
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

  private static final LockResponse OK = LockResponse.newBuilder().setOk(true).build();
  private static final LockResponse NOT_OK = LockResponse.getDefaultInstance();

  private final Log log;
  private final Locks locks;

  LockPlugin(Loggers loggers) {
    this.log = loggers.named("lock");
    long since = System.nanoTime();
    this.locks = new Locks(Runtime.getRuntime().maxMemory() / 8, () -> System.nanoTime() - since);
  }

  /** How much is locked. */
  @Offers
  MetricsSource metrics() {
    return sink -> {
      sink.gauge("rr_lock_resources", "Resources that are locked now.", locks.locked());
      sink.gauge("rr_lock_claims", "Locks that are held or waited for.", locks.size());
    };
  }

  @Override
  public void start() {
    locks.start();
  }

  @RpcMethod(value = "Lock", quick = true)
  CompletionStage<LockResponse> lock(LockRequest request, RpcCall call) {
    return obtain("lock request received", request, true, call);
  }

  @RpcMethod(value = "LockRead", quick = true)
  CompletionStage<LockResponse> lockRead(LockRequest request, RpcCall call) {
    return obtain("read lock request received", request, false, call);
  }

  private CompletionStage<LockResponse> obtain(
      String message, LockRequest request, boolean exclusive, RpcCall call) {
    received(message, request);
    String id = id(request);
    long ttl = ttl(request);
    if (log.enabled(Log.Level.DEBUG) && !locks.isKnown(request.getResource())) {
      log.debug("no such lock resource, creating new", "resource", request.getResource(), "id", id);
    }
    return locks
        .lock(request.getResource(), id, exclusive, ttl, wait(request), call)
        .thenApply(LockPlugin::answer);
  }

  @RpcMethod(value = "Release", quick = true)
  LockResponse release(LockRequest request) {
    received("release request received", request);
    Released released = locks.release(request.getResource(), id(request));
    happened(
        switch (released) {
          case YES -> "lock successfully released";
          case UNKNOWN -> "no such lock ID";
          case OTHERS -> "release called for the resource which is not owned by the caller";
        },
        request);
    return answer(released == Released.YES);
  }

  /** The only one that needs no id. */
  @RpcMethod(value = "ForceRelease", quick = true)
  LockResponse forceRelease(LockRequest request) {
    received("force release request received", request);
    boolean known = locks.forceRelease(request.getResource());
    happened(known ? "all force-release messages were sent" : "no such resource", request);
    return answer(known);
  }

  @RpcMethod(value = "Exists", quick = true)
  LockResponse exists(LockRequest request) {
    received("exists request received", request);
    return answer(locks.exists(request.getResource(), id(request)));
  }

  @RpcMethod(value = "UpdateTTL", quick = true)
  LockResponse updateTtl(LockRequest request) {
    received("updateTTL request received", request);
    boolean updated = locks.updateTtl(request.getResource(), id(request), ttl(request));
    happened(updated ? "r/lock: ttl was updated" : "no such resource ID", request);
    return answer(updated);
  }

  private static LockResponse answer(boolean ok) {
    return ok ? OK : NOT_OK;
  }

  private static String id(LockRequest request) {
    if (request.getId().isEmpty()) {
      throw new IllegalArgumentException("empty ID is not allowed");
    }
    return request.getId();
  }

  private static long ttl(LockRequest request) {
    if (request.getTtl() < 0) {
      throw new IllegalArgumentException("negative ttl is not allowed: " + request.getTtl());
    }
    // More than that would overflow once it is added to the time.
    long micros = Math.min(request.getTtl(), 100 * UNLIMITED_MICROS);
    return TimeUnit.MICROSECONDS.toNanos(micros == 0 ? UNLIMITED_MICROS : micros);
  }

  private static long wait(LockRequest request) {
    long wanted = TimeUnit.MICROSECONDS.toNanos(request.getWait());
    return wanted <= 0 ? SHORTEST_WAIT : Math.min(wanted, RpcCall.LONGEST.toNanos());
  }

  private void received(String message, LockRequest request) {
    if (log.enabled(Log.Level.DEBUG)) {
      log.debug(
          message,
          "ttl",
          request.getTtl(),
          "wait_ttl",
          request.getWait(),
          "resource",
          request.getResource(),
          "id",
          request.getId());
    }
  }

  private void happened(String message, LockRequest request) {
    if (log.enabled(Log.Level.DEBUG)) {
      log.debug(message, "resource", request.getResource(), "id", request.getId());
    }
  }

  /** Locks that are held or waited for, for tests. */
  int size() {
    return locks.size();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    locks.stop(deadline);
  }
}
