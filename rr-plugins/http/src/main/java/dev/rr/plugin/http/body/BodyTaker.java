package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.MemoryBudget;

/**
 * Takes the bodies of requests before a worker sees them: forms are parsed, uploads and large
 * bodies are stored in files, everything else is kept in memory. Called on the request's loop;
 * keeps nothing between requests.
 */
public final class BodyTaker {
  private final BodyLimits limits;
  private final boolean rawForms;
  private final Uploads uploads;
  private final Spool spool;
  private final MemoryBudget budget;

  /**
   * Makes one for all requests.
   *
   * @param rawForms whether forms are handed over as they came
   * @param uploads where files of forms go
   * @param spool where bodies go that find no room in memory
   * @param budget the memory that all requests share
   */
  public BodyTaker(
      BodyLimits limits, boolean rawForms, Uploads uploads, Spool spool, MemoryBudget budget) {
    this.limits = limits;
    this.rawForms = rawForms;
    this.uploads = uploads;
    this.spool = spool;
    this.budget = budget;
  }

  BodyLimits limits() {
    return limits;
  }

  Uploads uploads() {
    return uploads;
  }

  Spool spool() {
    return spool;
  }

  /** Takes a body, and tells {@code to} once; at once when there is nothing to take. */
  public void take(HttpRequest request, HttpResponse response, BodyConsumer to) {
    String method = request.method();
    if (method.equals("HEAD") || method.equals("OPTIONS")) {
      to.taken(request, response, TakenBody.NOTHING);
      return;
    }
    if (request.body().length() > limits.body()) {
      to.refused(response, new HttpFault(413, "http: request body too large"));
      return;
    }
    String type = request.headers().get("Content-Type", "");
    boolean form = type.contains("application/x-www-form-urlencoded");
    boolean multipart = !form && type.contains("multipart/form-data");
    if (!form && !multipart && request.body().length() == 0) {
      to.taken(request, response, TakenBody.NOTHING);
    } else if (rawForms || !form && !multipart) {
      request.body().read(new RawBody(this, to, request, response));
    } else if (form) {
      request.body().read(new FormBody(this, to, request, response));
    } else {
      request.body().read(new MultipartBody(this, to, request, response, type));
    }
  }

  /** What a form holds in memory; given back with the request's end. On its loop. */
  FormMemory formMemory(HttpResponse response) {
    FormMemory memory = new FormMemory(limits.form(), budget);
    response.onClose(memory::close);
    return memory;
  }

  /** What a request holds in memory while it is read; given back with its end. On its loop. */
  MemoryShare memoryShare(HttpResponse response) {
    MemoryShare share = new MemoryShare(budget);
    response.onClose(share::close);
    return share;
  }
}
