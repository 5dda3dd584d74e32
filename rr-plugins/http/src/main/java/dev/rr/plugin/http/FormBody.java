package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.exchange.Targets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Takes a urlencoded form. Small ones are parsed on the loop, others on a virtual thread. */
final class FormBody implements RequestBody.Reader {
  /** Bytes that are parsed on the loop: some tens of microseconds. */
  private static final int ON_LOOP = 16 * 1024;

  /** A form's bytes, its text, its fields and the JSON of them are in memory at the same time. */
  private static final long PARSED = 4;

  private final PoolHandler handler;
  private final HttpRequest request;
  private final HttpResponse response;
  private final Room room;
  private final boolean wanted;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long total;
  private boolean refused;

  FormBody(PoolHandler handler, HttpRequest request, HttpResponse response) {
    this.handler = handler;
    this.request = request;
    this.response = response;
    this.room = handler.room(response);
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
    } else if (wanted && !room.take(PARSED * bytes.remaining())) {
      refused = true;
      handler.busy(response);
    } else if (wanted) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      body.writeBytes(copy);
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

  private void parse(java.util.concurrent.Executor back) {
    try {
      FormFields fields = new FormFields();
      fields.addEncoded(body.toString(StandardCharsets.ISO_8859_1));
      // Upstream parses the query along with a form and refuses one it cannot read.
      new FormFields().addEncoded(Targets.rawQuery(request.target()));
      byte[] json = fields.json();
      PoolHandler.Taken taken =
          new PoolHandler.Taken(handler.form(json), true, new byte[0], WorkerReply.Leftovers.NONE);
      back.execute(() -> handler.exec(request, response, taken));
    } catch (HttpFault fault) {
      back.execute(() -> handler.refuse(response, fault));
    }
  }

  @Override
  public void failed(HttpFault fault) {
    if (!refused) {
      refused = true;
      handler.refuse(response, fault);
    }
  }
}
