package dev.rr.plugin.dashboard;

import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.operator.WholeAnswer;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pages that look, so many at most. Loops add, one thread greets and sends. */
final class Viewers {
  /** More than people who look at one server, and few enough that they cost nothing. */
  static final int MOST = 32;

  private final Semaphore places = new Semaphore(MOST);
  private final BlockingQueue<Viewer> newcomers = new ArrayBlockingQueue<>(MOST);
  private final Set<Viewer> greeted = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Takes one more page, or tells it that there are enough. On the request's loop. */
  void add(HttpRequest request, HttpResponse response) {
    if (closed || !places.tryAcquire()) {
      WholeAnswer.text(
          response,
          503,
          Answers.headers(Answers.TEXT).set("Retry-After", "10"),
          "as many pages look as may at once");
      return;
    }
    Viewer viewer = new Viewer(request, response);
    response.onClose(() -> leave(viewer));
    viewer.begin();
    if (!viewer.hasLeft()) {
      newcomers.add(viewer);
    }
    if (closed) {
      viewer.end();
    }
  }

  private void leave(Viewer viewer) {
    viewer.leave();
    newcomers.remove(viewer);
    greeted.remove(viewer);
    places.release();
  }

  /** Waits for a page that has just come; null when none does. */
  @Nullable Viewer await(long nanos) throws InterruptedException {
    return newcomers.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** Sends its first events; from now on it gets what all get. */
  void greet(Viewer viewer, byte[] events) {
    greeted.add(viewer);
    if (viewer.hasLeft()) {
      // It left before it was here, and nobody would take it out again.
      greeted.remove(viewer);
    }
    viewer.send(events);
  }

  void send(byte[] events) {
    greeted.forEach(viewer -> viewer.send(events));
  }

  boolean isEmpty() {
    return greeted.isEmpty();
  }

  /** Ends every stream and takes no more. */
  void close() {
    closed = true;
    newcomers.forEach(Viewer::end);
    greeted.forEach(Viewer::end);
  }
}
