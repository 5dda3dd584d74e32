package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/** Takes a urlencoded form. Small ones are parsed on the loop, others on a virtual thread. */
final class FormBody implements RequestBody.Reader {
  /** Bytes that are parsed on the loop: some tens of microseconds. */
  private static final int ON_LOOP = 16 * 1024;

  private final BodyLimits limits;
  private final BodyConsumer to;
  private final HttpRequest request;
  private final HttpResponse response;
  private final boolean wanted;
  private final FormMemory memory;
  private final FormBytes body;
  private long total;
  private boolean refused;

  FormBody(BodyTaker taker, BodyConsumer to, HttpRequest request, HttpResponse response) {
    this.limits = taker.limits();
    this.to = to;
    this.request = request;
    this.response = response;
    this.memory = taker.formMemory(response);
    this.body = new FormBytes(limits.form());
    String method = request.method();
    // With other methods a form's body has never reached PHP.
    this.wanted = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  @Override
  public void chunk(ByteBuffer bytes) {
    total += bytes.remaining();
    if (refused) {
      return;
    }
    if (total > limits.body() || total > limits.form()) {
      failed(new HttpFault(413, "http: request body too large"));
    } else if (wanted) {
      keep(bytes);
    }
  }

  private void keep(ByteBuffer bytes) {
    try {
      memory.hold(bytes.remaining());
      body.add(bytes);
    } catch (HttpFault fault) {
      failed(fault);
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (refused) {
      return;
    }
    if (body.size() <= ON_LOOP) {
      parse(Runnable::run);
    } else {
      request.offload(() -> parse(request::execute));
    }
  }

  private void parse(Executor back) {
    try {
      TakenBody taken = taken();
      back.execute(() -> to.taken(request, response, taken));
    } catch (HttpFault fault) {
      back.execute(() -> to.refused(response, fault));
    } catch (Throwable e) {
      back.execute(() -> to.broken(response, e, ""));
    }
  }

  private TakenBody taken() throws HttpFault {
    FormFields fields = new FormFields();
    fields.addEncoded(body.array(), body.size());
    // The fields are there: a large form is not to be in memory thrice.
    body.clear();
    FormFields.checkQuery(request.target());
    return TakenBody.form(fields.json(memory));
  }

  @Override
  public void failed(HttpFault fault) {
    if (!refused) {
      refused = true;
      body.clear();
      to.refused(response, fault);
    }
  }
}
