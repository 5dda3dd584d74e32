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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Turns a worker's frames into an answer. Frames are decoded on the thread that owns the worker,
 * calls on the response are made on the request's loop. What PHP has finished is taken whole,
 * however slowly the client reads: in memory while there is room, else on disk. Only a true stream
 * is held up by its client, since nobody knows how much is to come.
 */
final class WorkerReply implements Reply {
  /** Bytes of a body that may be between the worker and the client's socket. */
  private static final long MAX_UNDER_WAY = 256 * 1024;

  private final PoolHandler handler;
  private final HttpRequest request;
  private final HttpResponse response;
  private final MemoryShare room;
  private final TempFiles files;

  // The owner's; the trailers are read by the loop, in tasks that were handed over later.
  private HttpHeaders trailers = HttpHeaders.EMPTY;
  private boolean headGiven;
  private boolean lastFrame;
  private boolean warnedOfBody;

  /** Whether there is room in memory for all that is to come. */
  private boolean fits;

  private @Nullable StoredAnswer stored;

  // Shared.
  private volatile @Nullable Flow flow;
  private volatile boolean gone;
  private volatile boolean over;

  // The loop's.
  private long unwritten;

  WorkerReply(
      PoolHandler handler,
      HttpRequest request,
      HttpResponse response,
      MemoryShare room,
      TempFiles files) {
    this.handler = handler;
    this.request = request;
    this.response = response;
    this.room = room;
    this.files = files;
  }

  /** Tells who to call off when the client goes away. On the loop. */
  void running(Pool.Execution execution) {
    response.onClose(() -> {
      gone = true;
      room.close();
      Flow streaming = flow;
      if (streaming != null) {
        streaming.add(0);
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
    boolean complete = last && remaining == 0;
    if (complete) {
      over = true;
      files.delete();
    }
    if (headGiven) {
      return chunk(body, remaining);
    }
    WorkerAnswer answer;
    try {
      answer =
          context.hasRemaining()
              ? WorkerAnswer.decode(codec, context)
              : new WorkerAnswer(200, new HttpHeaders(), HttpHeaders.EMPTY);
    } catch (IllegalArgumentException e) {
      return undecodable(e);
    }
    if (answer.status() >= 100 && answer.status() < 200) {
      return interim(answer, body.hasRemaining() || remaining > 0, complete);
    }
    headGiven = true;
    if (answer.status() < 200 || answer.status() > 599) {
      String text = "unknown status code from worker: " + answer.status();
      handler.log().error(text, "uri", HttpText.of(request.target()));
      request.execute(() -> Faults.answer(response, 500, text));
      headGiven = true;
      return false;
    }
    return begin(answer, body, remaining, complete);
  }

  private boolean begin(WorkerAnswer answer, ByteBuffer body, long remaining, boolean complete) {
    if (complete) {
      request.execute(() -> {
        head(answer);
        response.write(body);
        response.end(answer.trailers());
      });
      return true;
    }
    trailers = answer.trailers();
    if (lastFrame && trailers.isEmpty()) {
      announce(answer.headers(), body.remaining() + remaining);
    }
    request.execute(() -> head(answer));
    return chunk(body, remaining);
  }

  /** A single frame's length is known before its end, and beats what the worker says. */
  private void announce(HttpHeaders headers, long length) {
    String said = headers.get(HeaderNames.CONTENT_LENGTH);
    if (request.method().equals("HEAD")) {
      return;
    }
    if (said != null && ContentLength.parse(said) != length) {
      handler
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
      handler
          .log()
          .warn("an interim answer has no body, it was dropped", "status", answer.status());
    }
    if (answer.status() == 101) {
      handler.log().error("101 Switching Protocols is not supported, the frame was ignored");
    } else {
      request.execute(() -> response.interim((int) answer.status(), answer.headers()));
    }
    if (complete) {
      headGiven = true;
      request.execute(() -> {
        response.head(200, new HttpHeaders());
        response.end();
      });
    }
    return true;
  }

  private boolean undecodable(IllegalArgumentException cause) {
    headGiven = true;
    handler
        .log()
        .error(
            "write response (chunk) error",
            "uri",
            HttpText.of(request.target()),
            "error",
            cause.getMessage());
    request.execute(() -> handler.fail(response, null, "" + cause.getMessage()));
    return false;
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    boolean complete = lastFrame && remaining == 0;
    if (complete) {
      over = true;
      files.delete();
    }
    return !headGiven || chunk(chunk, remaining);
  }

  private boolean chunk(ByteBuffer bytes, long remaining) {
    boolean complete = lastFrame && remaining == 0;
    int size = bytes.remaining();
    if (gone && !complete) {
      drop();
      return false;
    }
    if (stored != null) {
      return store(stored, bytes, complete);
    }
    Flow streaming = flow;
    if (streaming == null) {
      streaming = new Flow();
      flow = streaming;
    }
    streaming.add(size);
    request.execute(() -> deliver(bytes, size, complete));
    return complete
        || lastFrame && (streaming.hasRoom() || takesRest(remaining))
        || streaming.awaitRoom(handler.stallLimit()) && !gone;
  }

  /** The client is behind, and what PHP has still to say is known: finds a place for it. */
  private boolean takesRest(long remaining) {
    if (fits) {
      return true;
    }
    fits = handler.mayKeep(remaining) && room.take(remaining);
    if (!fits) {
      try {
        stored = StoredAnswer.create(handler.spool(), remaining);
      } catch (IOException e) {
        handler
            .log()
            .warn(
                "an answer cannot be stored, its worker waits for the client",
                "uri",
                request.target(),
                "error",
                e.toString());
        return false;
      }
    }
    return true;
  }

  private boolean store(StoredAnswer to, ByteBuffer bytes, boolean complete) {
    try {
      to.write(bytes);
      if (complete) {
        to.close();
        stored = null;
        request.execute(() -> send(to));
      }
      return true;
    } catch (IOException e) {
      drop();
      String text = "an answer cannot be stored: " + e.getMessage();
      request.execute(() -> handler.fail(response, null, text));
      return false;
    }
  }

  private void drop() {
    StoredAnswer there = stored;
    if (there != null) {
      stored = null;
      request.offload(there::drop);
    }
  }

  @Override
  public void failed(ExecException error) {
    over = true;
    drop();
    if (files.isEmpty()) {
      request.execute(() -> handler.fail(response, error.kind(), "" + error.getMessage()));
    } else {
      // Any thread may be here, a loop as well: files are deleted elsewhere.
      request.offload(() -> {
        files.delete();
        request.execute(() -> handler.fail(response, error.kind(), "" + error.getMessage()));
      });
    }
  }

  // On the loop.

  private void deliver(ByteBuffer bytes, int size, boolean complete) {
    response.write(bytes);
    if (complete) {
      response.end(trailers);
      return;
    }
    response.flush();
    unwritten += size;
    if (response.writable()) {
      written();
    } else {
      response.onWritable(this::written);
    }
  }

  /** Sends the rest, which is a file, and deletes it. */
  private void send(StoredAnswer rest) {
    response.file(rest.file(), 0, rest.length(), () -> request.offload(rest::drop));
    response.end(trailers);
  }

  private void written() {
    long count = unwritten;
    unwritten = 0;
    if (count == 0) {
      return;
    }
    Flow streaming = flow;
    if (streaming != null) {
      streaming.add(-count);
    }
  }

  /** The bytes between the worker and the client's socket; only streams need it. */
  private final class Flow {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long underWay;

    void add(long bytes) {
      lock.lock();
      try {
        underWay += bytes;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Whether the client keeps up. */
    boolean hasRoom() {
      lock.lock();
      try {
        return underWay <= MAX_UNDER_WAY;
      } finally {
        lock.unlock();
      }
    }

    /** Waits until the client has taken enough; false when nothing moved for {@code limit}. */
    boolean awaitRoom(Duration limit) {
      long left = limit.toNanos();
      lock.lock();
      try {
        long before = underWay;
        while (underWay > MAX_UNDER_WAY && !gone) {
          if (left <= 0) {
            return false;
          }
          left = moved.awaitNanos(left);
          if (underWay < before) {
            before = underWay;
            left = limit.toNanos();
          }
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        lock.unlock();
      }
    }
  }
}
