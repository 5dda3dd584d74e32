package dev.rr.plugin.grpc;

import dev.rr.api.grpc.GrpcHandler;
import dev.rr.grpc.CallSettings;
import dev.rr.grpc.MessageBytes.Received;
import dev.rr.grpc.MethodTable;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.HashSet;
import java.util.Set;

/**
 * {@code grpc.health.v1.Health}: tells how the server is, whatever service is asked for. Two
 * messages are all it has to say, so they are bytes here. Any thread.
 */
final class HealthService {
  private static final String SERVICE = "grpc.health.v1.Health";

  /** {@code HealthCheckResponse{status = 1}}, the field being a number. */
  private static final byte[] SERVING = {0x08, 1};

  private static final byte[] NOT_SERVING = {0x08, 2};

  private final Set<Watcher> watchers = new HashSet<>();
  private boolean serving;
  private boolean over;

  /** Adds its methods. */
  void register(MethodTable methods, CallSettings settings, Chained chained) {
    GrpcHandler check = chained.around((call, reply) -> reply.message(status()));
    GrpcHandler list = chained.around((call, reply) -> reply.message(list()));
    methods.serve(SERVICE, "Check", MethodType.UNARY, check, settings);
    methods.serve(SERVICE, "List", MethodType.UNARY, list, settings);
    methods.add(
        SERVICE, "Watch", MethodType.SERVER_STREAMING, (call, metadata) -> new Watcher(call));
  }

  /** Puts the chain around a handler. */
  interface Chained {
    GrpcHandler around(GrpcHandler end);
  }

  /** The answer to a check. */
  synchronized byte[] status() {
    return serving ? SERVING : NOT_SERVING;
  }

  /** {@code HealthListResponse}: a map with one entry, {@code grpc}. */
  private byte[] list() {
    byte[] status = status();
    byte[] list = {0x0a, 10, 0x0a, 4, 'g', 'r', 'p', 'c', 0x12, 2, status[0], status[1]};
    return list;
  }

  /** Tells those who watch; once it is over nothing changes any more. */
  synchronized void serving(boolean now) {
    if (!over && serving != now) {
      serving = now;
      watchers.forEach(Watcher::tell);
    }
  }

  /**
   * Not serving, for good; those who watch are told and sent away, so that nobody waits for them.
   */
  synchronized void shutDown() {
    serving(false);
    over = true;
    watchers.forEach(Watcher::end);
    watchers.clear();
  }

  /** A client that watches. Guarded by the service. */
  private final class Watcher extends ServerCall.Listener<Received> {
    private final ServerCall<Received, byte[]> call;
    private boolean asked;

    Watcher(ServerCall<Received, byte[]> call) {
      this.call = call;
      call.request(2);
    }

    @Override
    public void onMessage(Received message) {
      synchronized (HealthService.this) {
        asked = true;
      }
    }

    @Override
    public void onHalfClose() {
      synchronized (HealthService.this) {
        if (!asked) {
          call.close(Status.INTERNAL.withDescription("the call has no message"), new Metadata());
          return;
        }
        call.sendHeaders(new Metadata());
        tell();
        if (over) {
          end();
        } else {
          watchers.add(this);
        }
      }
    }

    private void tell() {
      call.sendMessage(status());
    }

    private void end() {
      call.close(Status.CANCELLED.withDescription("Stream has ended"), new Metadata());
    }

    @Override
    public void onCancel() {
      synchronized (HealthService.this) {
        watchers.remove(this);
      }
    }
  }
}
