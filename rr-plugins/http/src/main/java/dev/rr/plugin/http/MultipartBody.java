package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
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
  private final FormMemory memory;
  private long total;
  private boolean failed;

  MultipartBody(PoolHandler handler, HttpRequest request, HttpResponse response, String type) {
    this.handler = handler;
    this.request = request;
    this.response = response;
    this.pipe = new BodyPipe(request, handler.config().timeouts().read());
    this.memory = handler.formMemory(response);
    request.offload(() -> parse(type));
  }

  /** Whatever goes wrong here: the files go, and the client gets an answer. */
  private void parse(String type) {
    List<Path> files = new ArrayList<>();
    try {
      PoolHandler.Taken taken = taken(type, files);
      request.execute(() -> handler.exec(request, response, taken));
    } catch (HttpFault fault) {
      drop(files, fault);
      request.execute(() -> handler.refuse(response, fault));
    } catch (InterruptedException e) {
      drop(files, new HttpFault(503, "stopping"));
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      drop(files, new HttpFault(500, ""));
      request.execute(() -> handler.broken(response, e, ""));
    }
  }

  private PoolHandler.Taken taken(String type, List<Path> files)
      throws HttpFault, InterruptedException {
    MultipartInput input = new MultipartInput(pipe, Parameters.parse(type).require("boundary"));
    MultipartParser parser =
        new MultipartParser(input, handler.uploads(), memory, handler.config().formLimit(), files);
    parser.parse();
    FormFields.checkQuery(request.target());
    return PoolHandler.Taken.form(
        handler.form(parser.fields()), parser.uploads(), WorkerReply.Leftovers.of(files));
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
