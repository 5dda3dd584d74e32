package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.plugin.http.body.BodyConsumer;
import dev.rr.plugin.http.body.BodyTaker;
import dev.rr.plugin.http.body.MemoryShare;
import dev.rr.plugin.http.body.TakenBody;
import dev.rr.plugin.http.text.ByteWriter;

/**
 * The end of the chain: takes a request's body, hands both to a worker, and answers with what comes
 * back. Called on the request's loop, which never waits here: the pool queues, and a {@link
 * WorkerReply} is called back by the thread that owns the worker. Keeps nothing between requests.
 */
public final class PoolHandler implements HttpHandler, BodyConsumer {
  /** Bytes of a context up to which the space for it is kept for the next. */
  private static final int KEPT = 64 * 1024;

  /**
   * Contexts are written by the threads that own workers, not by loops, so {@code Loop.writer} is
   * not theirs to use.
   */
  private static final ThreadLocal<ByteWriter> WRITER =
      ThreadLocal.withInitial(() -> new ByteWriter(8 * 1024));

  private final Pool pool;
  private final ContextWriter context;
  private final BodyTaker bodies;
  private final Admission admission;
  private final AnswerStorage storage;
  private final ErrorAnswers errors;

  /** Makes one for all requests. */
  public PoolHandler(
      Pool pool,
      ContextWriter context,
      BodyTaker bodies,
      AnswerStorage storage,
      ErrorAnswers errors) {
    this.pool = pool;
    this.context = context;
    this.bodies = bodies;
    this.admission = new Admission(storage.budget());
    this.storage = storage;
    this.errors = errors;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    bodies.take(request, response, this);
  }

  @Override
  public void taken(HttpRequest request, HttpResponse response, TakenBody taken) {
    try {
      handOver(request, response, taken);
    } catch (RuntimeException | Error e) {
      drop(request, taken);
      errors.broken(response, e, "");
    }
  }

  @Override
  public void refused(HttpResponse response, HttpFault fault) {
    errors.refused(response, fault);
  }

  @Override
  public void broken(HttpResponse response, Throwable cause, String text) {
    errors.broken(response, cause, text);
  }

  private void handOver(HttpRequest request, HttpResponse response, TakenBody taken) {
    MemoryShare share = admission.admit(request, response);
    if (share == null) {
      drop(request, taken);
      errors.busy(response);
      return;
    }
    Payload payload =
        new Payload(
            context.codec(), () -> written(request, taken), payloadBody(taken), request.source());
    WorkerReply reply = new WorkerReply(request, response, share, taken.files(), storage, errors);
    reply.running(pool.exec(payload, reply));
  }

  /** What workers expect of a form without fields depends on what they are spoken to in. */
  private Payload.Body payloadBody(TakenBody taken) {
    return taken.parsed() && taken.body() == Payload.NO_BODY ? context.emptyForm() : taken.body();
  }

  /** Deletes a body's files: on a virtual thread, since a loop must not wait for a disk. */
  private static void drop(HttpRequest request, TakenBody taken) {
    if (!taken.files().isEmpty()) {
      request.offload(taken.files()::delete);
    }
  }

  /**
   * What a worker is told, written for the worker that is there. Its request is the worker's alone
   * by now: the loop waits for the answer. On the owner's thread.
   */
  private byte[] written(HttpRequest request, TakenBody taken) {
    ByteWriter out = WRITER.get();
    context.write(out, request, taken.parsed(), taken.uploads());
    byte[] bytes = out.toByteArray();
    if (bytes.length > KEPT) {
      WRITER.remove();
    } else {
      out.reset();
    }
    return bytes;
  }
}
