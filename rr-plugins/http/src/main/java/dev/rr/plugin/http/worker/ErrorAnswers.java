package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.api.worker.ExecException;
import dev.rr.http.Faults;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What clients are answered when no worker's answer can be, and the lines of the log that go with
 * it, in upstream's words. All methods that take a response are called on its request's loop.
 */
public final class ErrorAnswers {
  private final int status;
  private final boolean debug;
  private final MemoryBudget budget;
  private final Log log;

  /** Of those that say that memory is short: who is refused by the thousand needs no line each. */
  private final OncePerSecond busyLines = new OncePerSecond();

  /**
   * Makes one for all requests.
   *
   * @param status when a worker fails
   * @param debug whether clients are told why a worker failed
   * @param budget what has run out when too much waits; for the log
   */
  public ErrorAnswers(int status, boolean debug, MemoryBudget budget, Log log) {
    this.status = status;
    this.debug = debug;
    this.budget = budget;
    this.log = log;
  }

  Log log() {
    return log;
  }

  /** Answers that too much waits already. */
  void busy(HttpResponse response) {
    logBusy();
    if (response.committed()) {
      return;
    }
    byte[] text = "serve_http: too many requests wait\n".getBytes(StandardCharsets.UTF_8);
    response.head(503, plainText(new HttpHeaders().add("Retry-After", "1")));
    response.write(ByteBuffer.wrap(text));
    response.end();
  }

  private void logBusy() {
    if (busyLines.passes()) {
      log.error(
          "requests are refused: what waits for workers and clients takes the memory there is for"
              + " it",
          "bytes",
          budget.taken(),
          "limit",
          budget.size());
    }
  }

  private static HttpHeaders plainText(HttpHeaders headers) {
    return headers
        .add("Content-Type", "text/plain; charset=utf-8")
        .add("X-Content-Type-Options", "nosniff");
  }

  /** Answers what is wrong with a request. */
  void refused(HttpResponse response, HttpFault fault) {
    if (fault.status() == 503) {
      busy(response);
      return;
    }
    log.error("request forming error", "error", fault.getMessage());
    if (!response.committed()) {
      Faults.answer(response, fault.status(), "serve_http: " + fault.getMessage());
    }
  }

  /**
   * Answers a fault of this server.
   *
   * @param text a line for the client, or empty
   */
  void broken(HttpResponse response, Throwable cause, String text) {
    log.log(Log.Level.ERROR, "request forming error", cause);
    if (!response.committed()) {
      Faults.answer(response, 500, text);
    }
  }

  /**
   * Answers a worker's fault. An answer that has begun is cut off instead: the client must not take
   * half of it for the whole.
   *
   * @param kind null when the worker answered what cannot be understood
   */
  void failed(HttpResponse response, ExecException.@Nullable Kind kind, String text) {
    if (kind == ExecException.Kind.CANCELLED) {
      // Called off because the client has left: nobody reads an answer.
      log.debug("execute", "error", text);
      response.abort(new ExecException(kind, text));
    } else if (response.committed()) {
      log.error("read stream", "error", text);
      response.abort(new ExecException(ExecException.Kind.NETWORK, text));
    } else {
      log.error("execute", "error", text);
      answer(response, kind, text);
    }
  }

  private void answer(HttpResponse response, ExecException.@Nullable Kind kind, String text) {
    HttpHeaders headers = new HttpHeaders();
    if (kind == ExecException.Kind.NO_FREE_WORKERS) {
      headers.add("No-Workers", "true");
    }
    byte[] body = debug ? escapeHtml(text).getBytes(StandardCharsets.UTF_8) : new byte[0];
    response.head(status, debug ? plainText(headers) : headers);
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
