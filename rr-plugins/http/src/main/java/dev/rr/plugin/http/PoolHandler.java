package dev.rr.plugin.http;

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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The end of the chain: takes a request's body, hands both to a worker, and answers with what comes
 * back. Called on the request's loop; keeps nothing between requests.
 */
final class PoolHandler implements HttpHandler {
  private static final byte[] NO_UPLOADS = new byte[0];
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
  private final Context context;
  private final HttpConfig config;
  private final Uploads uploads;
  private final Spool bodies;
  private final MemoryBudget budget;
  private final MemoryBudget largeHeads;
  private final MemoryBudget reserve;
  private final Log log;
  private final AtomicLong complainedAt = new AtomicLong(System.nanoTime() - SECOND);

  PoolHandler(
      Pool pool,
      Context context,
      HttpConfig config,
      Uploads uploads,
      Spool bodies,
      MemoryBudget budget,
      Log log) {
    this.pool = pool;
    this.context = context;
    this.config = config;
    this.uploads = uploads;
    this.bodies = bodies;
    this.budget = budget;
    this.largeHeads = new MemoryBudget(Math.max(budget.size() / LARGE, 4L * HeaderNames.MAX_SIZE));
    this.reserve = new MemoryBudget(budget.size() / LARGE);
    this.log = log;
  }

  Log log() {
    return log;
  }

  HttpConfig config() {
    return config;
  }

  /** Where bodies and answers go that find no room in memory. */
  Spool bodies() {
    return bodies;
  }

  /** What a form holds in memory; given back with the request's end. On its loop. */
  FormMemory formMemory(HttpResponse response) {
    FormMemory memory = new FormMemory(config.formLimit(), budget);
    response.onClose(memory::close);
    return memory;
  }

  Uploads uploads() {
    return uploads;
  }

  /** What a request holds in memory while it is read; given back with its end. On its loop. */
  Room room(HttpResponse response) {
    Room room = new Room(budget);
    response.onClose(room::close);
    return room;
  }

  /** Whether an answer may wait in memory for a client that is slow; else it goes to disk. */
  boolean mayKeep(long bytes) {
    return bytes <= budget.size() / LARGE && !budget.tight();
  }

  /** How long a client may take nothing of its answer. */
  Duration stallLimit() {
    return config.timeouts().write();
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String method = request.method();
    if (method.equals("HEAD") || method.equals("OPTIONS")) {
      exec(request, response, Taken.nothing());
      return;
    }
    if (request.body().length() > config.bodyLimit()) {
      refuse(response, new HttpFault(413, "http: request body too large"));
      return;
    }
    String type = request.headers().get("Content-Type", "");
    boolean form = type.contains("application/x-www-form-urlencoded");
    boolean multipart = !form && type.contains("multipart/form-data");
    if (!form && !multipart && request.body().length() == 0) {
      exec(request, response, Taken.nothing());
    } else if (config.rawBody() || !form && !multipart) {
      request.body().read(new RawBody(this, request, response));
    } else if (form) {
      request.body().read(new FormBody(this, request, response));
    } else {
      request.body().read(new MultipartBody(this, request, response, type));
    }
  }

  /**
   * What was taken of a body.
   *
   * @param parsed whether it is a form's JSON text
   * @param uploads JSON text of the tree of uploads, empty without
   */
  record Taken(Payload.Body body, boolean parsed, byte[] uploads, WorkerReply.Leftovers leftovers) {
    static Taken nothing() {
      return new Taken(Payload.NO_BODY, false, NO_UPLOADS, WorkerReply.Leftovers.NONE);
    }

    static Taken form(Payload.Body json, byte[] uploads, WorkerReply.Leftovers files) {
      return new Taken(json, true, uploads, files);
    }

    static Taken raw(byte[] bytes) {
      return new Taken(
          bytes.length == 0 ? Payload.NO_BODY : new Payload.Bytes(bytes),
          false,
          NO_UPLOADS,
          WorkerReply.Leftovers.NONE);
    }
  }

  /** The form's JSON text, or what stands for a form without fields. */
  Payload.Body form(byte[] json) {
    byte[] text = json.length == 0 ? context.emptyForm() : json;
    return text.length == 0 ? Payload.NO_BODY : new Payload.Bytes(text);
  }

  /** Hands a request over, or deletes its files and answers 500. On its loop. */
  void exec(HttpRequest request, HttpResponse response, Taken taken) {
    try {
      handOver(request, response, taken);
    } catch (RuntimeException | Error e) {
      drop(request, taken);
      broken(response, e, "");
    }
  }

  private static void drop(HttpRequest request, Taken taken) {
    if (!taken.leftovers().isEmpty()) {
      request.offload(taken.leftovers()::delete);
    }
  }

  private void handOver(HttpRequest request, HttpResponse response, Taken taken) {
    Room room = new Room(budget);
    if (!isAdmitted(request, response, room)) {
      room.close();
      drop(request, taken);
      busy(response);
      return;
    }
    Payload payload = new Payload(context.codec(), () -> written(request, taken), taken.body());
    WorkerReply reply = new WorkerReply(this, request, response, room, taken.leftovers());
    reply.running(pool.exec(payload, reply));
  }

  /**
   * Whether there is room for a request to wait. A worker takes as long for a head of a megabyte as
   * for a hundred usual ones, and all wait in one line, so few of the large may stand in it. Small
   * ones have room left when others, slow readers for instance, hold all the rest.
   */
  private boolean isAdmitted(HttpRequest request, HttpResponse response, Room room) {
    long weight = Room.weight(request);
    if (weight > LARGE_HEAD) {
      return takes(largeHeads, weight, response) && room.take(weight);
    }
    return room.take(weight) || weight <= SMALL_HEAD && takes(reserve, weight, response);
  }

  private static boolean takes(MemoryBudget part, long bytes, HttpResponse response) {
    Room share = new Room(part);
    response.onClose(share::close);
    return share.take(bytes);
  }

  /**
   * What a worker is told, written for the worker that is there. Its request is the worker's alone
   * by now: the loop waits for the answer. On the owner's thread.
   */
  private byte[] written(HttpRequest request, Taken taken) {
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
  void broken(HttpResponse response, Throwable cause, String text) {
    log.log(Log.Level.ERROR, "request forming error", cause);
    if (!response.committed()) {
      Faults.answer(response, 500, text);
    }
  }

  /** Answers the client's fault. */
  void refuse(HttpResponse response, HttpFault fault) {
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
    if (config.pool().debug()) {
      headers
          .add("Content-Type", "text/plain; charset=utf-8")
          .add("X-Content-Type-Options", "nosniff");
      body = escapeHtml(text).getBytes(StandardCharsets.UTF_8);
    }
    response.head(config.internalErrorCode(), headers);
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
