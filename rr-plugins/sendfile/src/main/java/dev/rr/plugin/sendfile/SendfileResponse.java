package dev.rr.plugin.sendfile;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.log.Log;
import dev.rr.http.FileAnswer;
import dev.rr.plugin.sendfile.SendableFiles.Found;
import dev.rr.plugin.sendfile.SendableFiles.Refused;
import dev.rr.plugin.sendfile.SendableFiles.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Watches for {@code X-Sendfile} in the head. Without it everything passes untouched and
 * unbuffered; with it the application's status and body give way to the file.
 */
final class SendfileResponse extends ForwardingResponse {
  private static final String HEADER = "X-Sendfile";

  private final HttpRequest request;
  private final SendableFiles files;
  private final Log log;
  private boolean replaced;

  SendfileResponse(HttpRequest request, HttpResponse next, SendableFiles files, Log log) {
    super(next);
    this.request = request;
    this.files = files;
    this.log = log;
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    String name = HttpText.of(headers.get(HEADER, ""));
    headers.remove(HEADER);
    if (name.isEmpty()) {
      next.head(status, headers);
      return;
    }
    replaced = true;
    request.offload(() -> {
      Result result = files.find(name);
      request.execute(() -> answer(result, name, headers));
    });
  }

  private void answer(Result result, String name, HttpHeaders headers) {
    headers.remove("Content-Length").remove("Transfer-Encoding").remove("Trailer");
    switch (result) {
      case Found(var file, var size, var modified, var type) -> {
        if (!headers.contains("Content-Type")) {
          headers.set("Content-Type", type);
        }
        new FileAnswer(file, size, modified).send(request, next, headers);
      }
      case Refused(int status, String why) -> {
        log.warn("X-Sendfile was refused", "file", name, "status", status, "reason", why);
        HttpHeaders plain = new HttpHeaders().set("Content-Type", "text/plain; charset=utf-8");
        next.head(status, plain);
        next.write(ByteBuffer.wrap(text(status).getBytes(StandardCharsets.UTF_8)));
        next.end();
      }
    }
  }

  private static String text(int status) {
    return switch (status) {
      case 403 -> "forbidden\n";
      case 404 -> "not found\n";
      default -> "internal server error\n";
    };
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (!replaced) {
      next.write(bytes);
    }
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    if (replaced) {
      after.run();
    } else {
      next.file(file, offset, length, after);
    }
  }

  @Override
  public void flush() {
    if (!replaced) {
      next.flush();
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (!replaced) {
      next.end(trailers);
    }
  }

  @Override
  public void abort(Throwable cause) {
    if (!replaced) {
      next.abort(cause);
    }
  }

  @Override
  public boolean committed() {
    return replaced || next.committed();
  }

  @Override
  public boolean writable() {
    return replaced || next.writable();
  }
}
