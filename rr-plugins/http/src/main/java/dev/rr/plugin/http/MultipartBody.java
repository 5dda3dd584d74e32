package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.exchange.Faults;
import dev.rr.exchange.Targets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a multipart form: bytes arrive on the loop, are parsed and written to files on a virtual
 * thread.
 */
final class MultipartBody implements RequestBody.Reader {
  private final PoolHandler handler;
  private final HttpRequest request;
  private final HttpResponse response;
  private final BodyPipe pipe;
  private long total;
  private boolean failed;

  MultipartBody(PoolHandler handler, HttpRequest request, HttpResponse response, String type) {
    this.handler = handler;
    this.request = request;
    this.response = response;
    this.pipe = new BodyPipe(request, handler.config().timeouts().read());
    request.offload(() -> parse(type));
  }

  private void parse(String type) {
    List<Path> files = new ArrayList<>();
    try {
      MultipartParser parser =
          new MultipartParser(
              pipe,
              Parameters.parse(type).require("boundary"),
              handler.uploads(),
              handler.config().formLimit(),
              files);
      parser.parse();
      new FormFields().addEncoded(Targets.rawQuery(request.target()));
      PoolHandler.Taken taken =
          new PoolHandler.Taken(
              handler.form(parser.fields()),
              true,
              parser.uploads(),
              WorkerReply.Leftovers.of(files));
      request.execute(() -> handler.exec(request, response, taken));
    } catch (HttpFault fault) {
      drop(files, fault);
      request.execute(() -> handler.refuse(response, fault));
    } catch (InterruptedException e) {
      drop(files, new HttpFault(503, "stopping"));
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      drop(files, new HttpFault(500, ""));
      handler.log().log(Log.Level.ERROR, "request forming error", e);
      request.execute(() -> Faults.answer(response, 500, ""));
    }
  }

  private void drop(List<Path> files, HttpFault fault) {
    pipe.fail(fault);
    files.forEach(Spool::deleteQuietly);
  }

  @Override
  public void chunk(ByteBuffer bytes) {
    total += bytes.remaining();
    if (total > handler.config().bodyLimit()) {
      failed(new HttpFault(413, "http: request body too large"));
    } else if (!failed) {
      pipe.offer(bytes);
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    pipe.end();
  }

  @Override
  public void failed(HttpFault fault) {
    failed = true;
    pipe.fail(fault);
  }
}
