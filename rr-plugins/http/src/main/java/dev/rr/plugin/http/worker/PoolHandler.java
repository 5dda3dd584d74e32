package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.http.Faults;
import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.body.BodyConsumer;
import dev.rr.plugin.http.body.BodyTaker;
import dev.rr.plugin.http.body.MemoryShare;
import dev.rr.plugin.http.body.Spool;
import dev.rr.plugin.http.body.TakenBody;
import dev.rr.plugin.http.text.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The end of the chain: takes a request's body, hands both to a worker, and answers with what comes
 * back. Called on the request's loop; keeps nothing between requests.
 */
public final class PoolHandler implements HttpHandler, BodyConsumer {
  private static final long SECOND = 1_000_000_000;

  /** An answer larger than this part of the budget goes to disk rather than wait in memory. */
  private static final int LARGE = 16;

  /** Bytes of a head from which it is large: ten times what browsers with many cookies send. */
  private static final int LARGE_HEAD = 64 * 1024;

  /** Bytes of a head up to which it is small: usual requests of browsers are. */
  private static final int SMALL_HEAD = 16 * 1024;

  /** Bytes of a context up to which the space for it is kept for the next. */
  private static final int KEPT = 64 * 1024;

  private static final ThreadLocal<ByteWriter> WRITER =
      ThreadLocal.withInitial(() -> new ByteWriter(8 * 1024));

  private final Pool pool;
  private final ContextWriter context;
  private final BodyTaker bodies;
  private final AnswerOptions options;
  private final MemoryBudget budget;
  private final MemoryBudget largeHeads;
  private final MemoryBudget reserve;
  private final Log log;
  private final AtomicLong complainedAt = new AtomicLong(System.nanoTime() - SECOND);

  public PoolHandler(
      Pool pool,
      ContextWriter context,
      BodyTaker bodies,
      AnswerOptions options,
      MemoryBudget budget,
      Log log) {
    this.pool = pool;
    this.context = context;
    this.bodies = bodies;
    this.options = options;
    this.budget = budget;
    this.largeHeads = new MemoryBudget(Math.max(budget.size() / LARGE, 4L * HeaderNames.MAX_SIZE));
    this.reserve = new MemoryBudget(budget.size() / LARGE);
    this.log = log;
  }

  Log log() {
    return log;
  }

  /** Where answers go that find no room in memory. */
  Spool spool() {
    return options.spool();
  }

  /** Whether an answer may wait in memory for a client that is slow; else it goes to disk. */
  boolean mayKeep(long bytes) {
    return bytes <= budget.size() / LARGE && !budget.tight();
  }

  /** How long a client may take nothing of its answer. */
  Duration stallLimit() {
    return options.stallLimit();
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    bodies.take(request, response, this);
  }

  /** Hands a request over, or deletes its files and answers 500. On its loop. */
  @Override
  public void taken(HttpRequest request, HttpResponse response, TakenBody taken) {
    try {
      handOver(request, response, taken);
    } catch (RuntimeException | Error e) {
      drop(request, taken);
      broken(response, e, "");
    }
  }

  private static void drop(HttpRequest request, TakenBody taken) {
    if (!taken.files().isEmpty()) {
      request.offload(taken.files()::delete);
    }
  }

  private void handOver(HttpRequest request, HttpResponse response, TakenBody taken) {
    MemoryShare room = new MemoryShare(budget);
    if (!isAdmitted(request, response, room)) {
      room.close();
      drop(request, taken);
      busy(response);
      return;
    }
    Payload.Body body = taken.body();
    if (taken.parsed() && body == Payload.NO_BODY) {
      body = context.emptyForm();
    }
    Payload payload = new Payload(context.codec(), () -> written(request, taken), body);
    WorkerReply reply = new WorkerReply(this, request, response, room, taken.files());
    reply.running(pool.exec(payload, reply));
  }

  /**
   * Whether there is room for a request to wait. A worker takes as long for a head of a megabyte as
   * for a hundred usual ones, and all wait in one line, so few of the large may stand in it. Small
   * ones have room left when others, slow readers for instance, hold all the rest.
   */
  private boolean isAdmitted(HttpRequest request, HttpResponse response, MemoryShare room) {
    long weight = MemoryShare.weight(request);
    if (weight > LARGE_HEAD) {
      return takes(largeHeads, weight, response) && room.take(weight);
    }
    return room.take(weight) || weight <= SMALL_HEAD && takes(reserve, weight, response);
  }

  private static boolean takes(MemoryBudget part, long bytes, HttpResponse response) {
    MemoryShare share = new MemoryShare(part);
    response.onClose(share::close);
    return share.take(bytes);
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

  /** Answers that too much waits already. */
  void busy(HttpResponse response) {
    long now = System.nanoTime();
    long before = complainedAt.get();
    if (now - before >= SECOND && complainedAt.compareAndSet(before, now)) {
      log.error(
          "requests are refused: what waits for workers and clients takes the memory there is for"
              + " it",
          "bytes",
          budget.taken(),
          "limit",
          budget.size());
    }
    if (response.committed()) {
      return;
    }
    byte[] text = "serve_http: too many requests wait\n".getBytes(StandardCharsets.UTF_8);
    response.head(
        503,
        new HttpHeaders()
            .add("Retry-After", "1")
            .add("Content-Type", "text/plain; charset=utf-8")
            .add("X-Content-Type-Options", "nosniff"));
    response.write(ByteBuffer.wrap(text));
    response.end();
  }

  /**
   * Answers what should not have happened. On the request's loop.
   *
   * @param text a line for the client, or empty
   */
  @Override
  public void broken(HttpResponse response, Throwable cause, String text) {
    log.log(Log.Level.ERROR, "request forming error", cause);
    if (!response.committed()) {
      Faults.answer(response, 500, text);
    }
  }

  /** Answers the client's fault. */
  @Override
  public void refused(HttpResponse response, HttpFault fault) {
    if (fault.status() == 503) {
      busy(response);
      return;
    }
    log.error("request forming error", "error", fault.getMessage());
    if (!response.committed()) {
      Faults.answer(response, fault.status(), "serve_http: " + fault.getMessage());
    }
  }

  /** Answers the worker's fault. */
  void fail(HttpResponse response, ExecException.@Nullable Kind kind, String text) {
    if (kind == ExecException.Kind.CANCELLED) {
      log.debug("execute", "error", text);
      response.abort(new ExecException(kind, text));
      return;
    }
    if (response.committed()) {
      log.error("read stream", "error", text);
      response.abort(new ExecException(ExecException.Kind.NETWORK, text));
      return;
    }
    log.error("execute", "error", text);
    HttpHeaders headers = new HttpHeaders();
    if (kind == ExecException.Kind.NO_FREE_WORKERS) {
      headers.add("No-Workers", "true");
    }
    byte[] body = new byte[0];
    if (options.debug()) {
      headers
          .add("Content-Type", "text/plain; charset=utf-8")
          .add("X-Content-Type-Options", "nosniff");
      body = escapeHtml(text).getBytes(StandardCharsets.UTF_8);
    }
    response.head(options.errorStatus(), headers);
    response.write(ByteBuffer.wrap(body));
    response.end();
  }

  private static String escapeHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
