package dev.rr.testing.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A pool whose workers are a piece of Java: it gets the payload and sends frames, on one of four
 * threads. Any thread; {@link #stop} ends it.
 */
public final class FakePool implements Pool {
  /** What stands for PHP. */
  @FunctionalInterface
  public interface Worker {
    /** Answers; an exception fails the request. */
    void work(Request request, Reply reply) throws Exception;
  }

  /** What a worker was asked. */
  public record Request(Payload payload, Canceller canceller) {
    /** The context as text. */
    public String context() {
      return new String(payload.context().bytes(), UTF_8);
    }

    /** The body, read from its file where it is in one. */
    public byte[] body() {
      try {
        return switch (payload.body()) {
          case Payload.Bytes bytes -> bytes.bytes();
          case Payload.Spooled spooled -> Files.readAllBytes(spooled.path());
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The body as text. */
    public String text() {
      return new String(body(), UTF_8);
    }
  }

  /** Knows whether the caller gave up. */
  public static final class Canceller {
    private volatile boolean cancelled;

    /** Whether the caller gave up. */
    public boolean isCancelled() {
      return cancelled;
    }
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<String> managed = new CopyOnWriteArrayList<>();
  private final ExecutorService owners =
      Executors.newFixedThreadPool(4, r -> new Thread(r, "fake-worker"));
  private final Worker worker;

  /** A pool of such workers. */
  public FakePool(Worker worker) {
    this.worker = worker;
  }

  /** A pool that always answers the same. */
  public static FakePool answering(String context, String body) {
    return new FakePool((request, reply) -> answer(reply, context, body));
  }

  /** Sends an answer of one JSON frame. */
  public static void answer(Reply reply, String context, String body) {
    reply.frame(Payload.JSON, bytes(context), bytes(body), 0, true);
  }

  /** Text as a frame takes it. */
  public static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /** What the workers were asked so far. */
  public List<Request> requests() {
    return requests;
  }

  /**
   * What the pool was told: {@code start}, {@code add}, {@code remove}, {@code reset}, {@code
   * stop}.
   */
  public List<String> managed() {
    return managed;
  }

  @Override
  public void start() {
    managed.add("start");
  }

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
  public void addWorker() {
    managed.add("add");
  }

  @Override
  public void removeWorker() {
    managed.add("remove");
  }

  @Override
  public void reset() {
    managed.add("reset");
  }

  @Override
  public void stop(Deadline deadline) {
    managed.add("stop");
    owners.shutdownNow();
    try {
      Duration longest = deadline.within(Duration.ofSeconds(1)).remaining();
      boolean unused = owners.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
