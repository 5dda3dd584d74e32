package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.http.ContentLength;
import dev.rr.http.Faults;
import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.body.MemoryShare;
import dev.rr.plugin.http.body.TempFiles;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a worker's frames into an answer. A worker sends any number of interim heads, a head, and
 * the body in the same frame or in those that follow; the last frame says that it is the last.
 *
 * <p>Frames are decoded on the thread that owns the worker, one at a time. Calls on the response
 * are made on the request's loop, in tasks that run in the order in which they were handed over.
 */
final class WorkerReply implements Reply {
  private final HttpRequest request;
  private final HttpResponse response;

  /** What the request holds of the memory while it waits; given back when the response closes. */
  private final MemoryShare share;

  /** What the worker reads; deleted as soon as it no longer needs them. */
  private final TempFiles files;

  private final AnswerStorage storage;
  private final ErrorAnswers errors;

  // The owner's.

  /** Whether no further head is wanted: it was there, or what came instead of it was refused. */
  private boolean headGiven;

  private boolean lastFrame;
  private boolean warnedOfBody;

  // Shared.

  /** The body, once the answer turned out to come in several pieces. */
  private volatile @Nullable AnswerStream stream;

  /** Whether the client is gone, or has all of its answer. */
  private volatile boolean closed;

  /** Whether the worker is done with the request. */
  private volatile boolean over;

  WorkerReply(
      HttpRequest request,
      HttpResponse response,
      MemoryShare share,
      TempFiles files,
      AnswerStorage storage,
      ErrorAnswers errors) {
    this.request = request;
    this.response = response;
    this.share = share;
    this.files = files;
    this.storage = storage;
    this.errors = errors;
  }

  /** Tells who to call off when the client goes away. On the loop. */
  void running(Pool.Execution execution) {
    response.onClose(() -> {
      closed = true;
      share.close();
      AnswerStream streaming = stream;
      if (streaming != null) {
        streaming.clientIsGone();
      }
      if (!over) {
        execution.cancel();
      }
    });
  }

  // On the owner's thread.

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    lastFrame = last;
    boolean complete = noteEnd(remaining);
    if (headGiven) {
      return more(body, remaining);
    }
    WorkerAnswer answer;
    try {
      answer =
          context.hasRemaining() ? AnswerDecoder.decode(codec, context) : WorkerAnswer.ofNothing();
    } catch (IllegalArgumentException e) {
      return undecodable(e);
    }
    if (answer.isInterim()) {
      return interim(answer, body.hasRemaining() || remaining > 0, complete);
    }
    headGiven = true;
    return answer.isValid() ? begin(answer, body, remaining, complete) : invalid(answer);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    noteEnd(remaining);
    return !headGiven || more(chunk, remaining);
  }

  /** Whether these are the answer's last bytes: its worker needs the request's files no longer. */
  private boolean noteEnd(long remaining) {
    boolean complete = lastFrame && remaining == 0;
    if (complete) {
      over = true;
      files.delete();
    }
    return complete;
  }

  private boolean begin(WorkerAnswer answer, ByteBuffer body, long remaining, boolean complete) {
    if (complete && storage.mayQueue(body.remaining())) {
      // Nearly every answer: head and body in one frame, sent by one task.
      request.execute(() -> {
        head(answer);
        response.write(body);
        response.end(answer.trailers());
      });
      return true;
    }
    if (lastFrame && answer.trailers().isEmpty()) {
      announce(answer.headers(), body.remaining() + remaining);
    }
    request.execute(() -> head(answer));
    AnswerStream made =
        new AnswerStream(request, response, answer.trailers(), share, storage, errors);
    stream = made;
    if (closed) {
      // Whoever closed may have looked before there was a stream.
      made.clientIsGone();
    }
    return complete ? made.addWhole(body) : made.add(body, remaining, lastFrame);
  }

  /** What belongs to a head that was here; of one that was refused nothing is wanted. */
  private boolean more(ByteBuffer bytes, long remaining) {
    AnswerStream streaming = stream;
    return streaming != null && streaming.add(bytes, remaining, lastFrame);
  }

  /** A single frame's length is known before its end, and beats what the worker says. */
  private void announce(HttpHeaders headers, long length) {
    String said = headers.get(HeaderNames.CONTENT_LENGTH);
    if (request.method().equals("HEAD")) {
      return;
    }
    if (said != null && ContentLength.parse(said) != length) {
      errors
          .log()
          .warn(
              "the worker's Content-Length is wrong and was replaced",
              "announced",
              HttpText.of(said),
              "length",
              length,
              "uri",
              HttpText.of(request.target()));
    }
    headers.set(HeaderNames.CONTENT_LENGTH, Long.toString(length));
  }

  private void head(WorkerAnswer answer) {
    HttpHeaders headers = answer.headers();
    EarlyHints.send(request, response, headers);
    response.head((int) answer.status(), headers);
  }

  private boolean interim(WorkerAnswer answer, boolean hasBody, boolean complete) {
    if (hasBody && !warnedOfBody) {
      warnedOfBody = true;
      errors.log().warn("an interim answer has no body, it was dropped", "status", answer.status());
    }
    if (answer.status() == 101) {
      errors.log().error("101 Switching Protocols is not supported, the frame was ignored");
    } else {
      request.execute(() -> response.interim((int) answer.status(), answer.headers()));
    }
    if (complete) {
      // Nothing follows, and an interim head is no answer.
      headGiven = true;
      request.execute(() -> {
        response.head(200, new HttpHeaders());
        response.end();
      });
    }
    return true;
  }

  private boolean invalid(WorkerAnswer answer) {
    String text = "unknown status code from worker: " + answer.status();
    errors.log().error(text, "uri", HttpText.of(request.target()));
    request.execute(() -> Faults.answer(response, 500, text));
    return false;
  }

  private boolean undecodable(IllegalArgumentException cause) {
    headGiven = true;
    errors
        .log()
        .error(
            "write response (chunk) error",
            "uri",
            HttpText.of(request.target()),
            "error",
            cause.getMessage());
    request.execute(() -> errors.failed(response, null, "" + cause.getMessage()));
    return false;
  }

  // On any thread, after the owner's last call.

  @Override
  public void failed(ExecException error) {
    over = true;
    AnswerStream streaming = stream;
    if (streaming != null) {
      streaming.drop();
    }
    Runnable answer = () -> errors.failed(response, error.kind(), "" + error.getMessage());
    if (files.isEmpty()) {
      request.execute(answer);
    } else {
      // A loop may be here as well: files are deleted elsewhere, and before the client is told.
      request.offload(() -> {
        files.delete();
        request.execute(answer);
      });
    }
  }
}
