package dev.rr.plugin.cache;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer on and notes it for the cache; or holds it, when the cache may answer in its
 * place.
 */
final class FetchResponse extends ForwardingResponse {

  /** What becomes of an answer. */
  enum Course {
    /** It goes to the client, and is noted. */
    NOTE,
    /** It goes to the client alone. */
    PASS,
    /** The cache has answered in its place; nothing of it goes to the client. */
    REPLACE
  }

  /** What the cache makes of an answer. */
  interface Fetched {
    /** The head has come; tells what is to become of the answer. */
    Course head(int status, HttpHeaders headers);

    /** The answer will not be noted: it is too large, or a file. May be called again. */
    void dropped();

    /** The answer is complete and was noted whole. */
    void complete(Recording recording);

    /** The exchange is over, in whatever way. */
    void over();
  }

  private final Recording recording;
  private final Fetched fetched;
  private boolean replaced;
  private @Nullable Throwable failed;

  FetchResponse(HttpResponse next, Recording recording, Fetched fetched) {
    super(next);
    this.recording = recording;
    this.fetched = fetched;
    next.onClose(this::over);
  }

  /** The exchange is over, in whatever way. */
  void over() {
    recording.giveUp();
    fetched.over();
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    recording.head(status, headers);
    Course course = fetched.head(status, headers);
    replaced = course == Course.REPLACE;
    if (course != Course.NOTE) {
      recording.giveUp();
    }
    if (!replaced) {
      next.head(status, headers);
    }
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (!replaced) {
      recording.write(bytes);
      if (recording.gaveUp()) {
        fetched.dropped();
      }
      next.write(bytes);
    }
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    if (replaced) {
      after.run();
      return;
    }
    // The operating system keeps files in memory already.
    recording.giveUp();
    fetched.dropped();
    next.file(file, offset, length, after);
  }

  @Override
  public void flush() {
    if (!replaced) {
      next.flush();
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (replaced) {
      return;
    }
    if (failed == null && recording.isWhole(trailers)) {
      fetched.complete(recording);
    }
    next.end(trailers);
  }

  @Override
  public void abort(Throwable cause) {
    failed = cause;
    if (!replaced) {
      next.abort(cause);
    }
  }
}
