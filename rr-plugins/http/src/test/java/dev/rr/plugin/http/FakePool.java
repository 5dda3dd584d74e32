package dev.rr.plugin.http;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A pool whose workers are a piece of Java: it gets the payload and sends frames. */
final class FakePool implements Pool {
  /** What stands for PHP. */
  interface Worker {
    void work(Request request, Reply reply) throws Exception;
  }

  /** What a worker was asked. */
  record Request(Payload payload, Canceller canceller) {
    String context() {
      return new String(payload.context().bytes(), StandardCharsets.UTF_8);
    }

    byte[] body() {
      try {
        return switch (payload.body()) {
          case Payload.Bytes bytes -> bytes.bytes();
          case Payload.Spooled spooled -> Files.readAllBytes(spooled.path());
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  /** Tells whether the caller gave up. */
  static final class Canceller {
    volatile boolean cancelled;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService owners =
      Executors.newFixedThreadPool(4, r -> new Thread(r, "owner"));
  private final Worker worker;

  FakePool(Worker worker) {
    this.worker = worker;
  }

  /** A pool that always answers the same. */
  static FakePool answering(String context, String body) {
    return new FakePool((request, reply) -> single(reply, context, body));
  }

  /** A pool that answers 200 with the context it was given. */
  static FakePool echoingContext() {
    return new FakePool(
        (request, reply) -> single(reply, "{\"status\":200,\"headers\":{}}", request.context()));
  }

  /** A pool that answers 200 with the body it was given. */
  static FakePool echoingBody() {
    return new FakePool((request, reply) -> {
      byte[] body = request.body();
      reply.frame(8, bytes("{\"status\":200,\"headers\":{}}"), ByteBuffer.wrap(body), 0, true);
    });
  }

  static void single(Reply reply, String context, String body) {
    reply.frame(8, bytes(context), bytes(body), 0, true);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void start() {}

  @Override
  public Execution exec(Payload payload, Reply reply) {
    Canceller canceller = new Canceller();
    Request request = new Request(payload, canceller);
    requests.add(request);
    owners.execute(() -> {
      try {
        worker.work(request, reply);
      } catch (Exception e) {
        reply.failed(new ExecException(ExecException.Kind.NETWORK, e.toString()));
      }
    });
    return () -> canceller.cancelled = true;
  }

  @Override
  public List<WorkerSnapshot> workers() {
    return List.of();
  }

  @Override
  public void addWorker() {}

  @Override
  public void removeWorker() {}

  @Override
  public void reset() {}

  @Override
  public void stop(Deadline deadline) {
    owners.shutdownNow();
  }
}
