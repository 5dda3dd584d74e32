package dev.rr.plugin.http.body;

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
  private final BodyTaker taker;
  private final BodyConsumer to;
  private final HttpRequest request;
  private final HttpResponse response;
  private final BodyPipe pipe;
  private final FormMemory memory;
  private long total;
  private boolean failed;

  MultipartBody(
      BodyTaker taker, BodyConsumer to, HttpRequest request, HttpResponse response, String type) {
    this.taker = taker;
    this.to = to;
    this.request = request;
    this.response = response;
    this.pipe = new BodyPipe(request, taker.limits().timeout());
    this.memory = taker.formMemory(response);
    request.offload(() -> parse(type));
  }

  /** Whatever goes wrong here: the files go, and the client gets an answer. */
  private void parse(String type) {
    List<Path> files = new ArrayList<>();
    try {
      TakenBody taken = taken(type, files);
      request.execute(() -> to.taken(request, response, taken));
    } catch (HttpFault fault) {
      drop(files, fault);
      request.execute(() -> to.refused(response, fault));
    } catch (InterruptedException e) {
      drop(files, new HttpFault(503, "stopping"));
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      drop(files, new HttpFault(500, ""));
      request.execute(() -> to.broken(response, e, ""));
    }
  }

  private TakenBody taken(String type, List<Path> files) throws HttpFault, InterruptedException {
    MultipartInput input = new MultipartInput(pipe, Parameters.parse(type).require("boundary"));
    MultipartParser parser =
        new MultipartParser(input, taker.uploads(), memory, taker.limits().form(), files);
    parser.parse();
    FormFields.checkQuery(request.target());
    return TakenBody.form(parser.fields(), parser.uploads(), TempFiles.of(files));
  }

  private void drop(List<Path> files, HttpFault fault) {
    pipe.fail(fault);
    files.forEach(Spool::deleteQuietly);
  }

  @Override
  public void chunk(ByteBuffer bytes) {
    total += bytes.remaining();
    if (total > taker.limits().body()) {
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
