package dev.rr.plugin.http;

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

  private final PoolHandler handler;
  private final HttpRequest request;
  private final HttpResponse response;
  private final boolean wanted;
  private final FormMemory memory;
  private final FormBytes body;
  private long total;
  private boolean refused;

  FormBody(PoolHandler handler, HttpRequest request, HttpResponse response) {
    this.handler = handler;
    this.request = request;
    this.response = response;
    this.memory = handler.formMemory(response);
    this.body = new FormBytes(handler.config().formLimit());
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
    if (total > handler.config().bodyLimit() || total > handler.config().formLimit()) {
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
      PoolHandler.Taken taken = taken();
      back.execute(() -> handler.exec(request, response, taken));
    } catch (HttpFault fault) {
      back.execute(() -> handler.refuse(response, fault));
    } catch (Throwable e) {
      back.execute(() -> handler.broken(response, e, ""));
    }
  }

  private PoolHandler.Taken taken() throws HttpFault {
    FormFields fields = new FormFields();
    fields.addEncoded(body.array(), body.size());
    // The fields are there: a large form is not to be in memory thrice.
    body.clear();
    FormFields.checkQuery(request.target());
    return PoolHandler.Taken.form(
        handler.form(fields.json(memory)), new byte[0], WorkerReply.Leftovers.NONE);
  }

  @Override
  public void failed(HttpFault fault) {
    if (!refused) {
      refused = true;
      body.clear();
      handler.refuse(response, fault);
    }
  }
}
