package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.log.Log;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.exchange.Faults;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The end of the chain: takes a request's body, hands both to a worker, and answers with what comes
 * back. Called on the request's loop; keeps nothing between requests.
 */
final class PoolHandler implements HttpHandler {
  private static final byte[] NO_UPLOADS = new byte[0];
  private static final ThreadLocal<ByteWriter> WRITER =
      ThreadLocal.withInitial(() -> new ByteWriter(8 * 1024));

  private final Pool pool;
  private final Context context;
  private final HttpConfig config;
  private final Uploads uploads;
  private final Spool bodies;
  private final Log log;

  PoolHandler(
      Pool pool, Context context, HttpConfig config, Uploads uploads, Spool bodies, Log log) {
    this.pool = pool;
    this.context = context;
    this.config = config;
    this.uploads = uploads;
    this.bodies = bodies;
    this.log = log;
  }

  Log log() {
    return log;
  }

  HttpConfig config() {
    return config;
  }

  /** Where bodies go that are too large for memory. */
  Spool bodies() {
    return bodies;
  }

  Uploads uploads() {
    return uploads;
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

  /** Hands a request over. On its loop. */
  void exec(HttpRequest request, HttpResponse response, Taken taken) {
    ByteWriter out = WRITER.get().reset();
    context.write(out, request, taken.parsed(), taken.uploads());
    Payload payload = new Payload(context.codec(), out.toByteArray(), taken.body());
    WorkerReply reply = new WorkerReply(this, request, response, taken.leftovers());
    reply.running(pool.exec(payload, reply));
  }

  /** Answers the client's fault. */
  void refuse(HttpResponse response, HttpFault fault) {
    log.error("request forming error", "error", fault.getMessage());
    if (!response.committed()) {
      Faults.answer(response, fault.status(), "serve_http: " + fault.getMessage());
    }
  }

  /** Answers the worker's fault. */
  void fail(
      HttpResponse response,
      ExecException.@org.jspecify.annotations.Nullable Kind kind,
      String text) {
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
