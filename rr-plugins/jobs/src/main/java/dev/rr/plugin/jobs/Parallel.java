package dev.rr.plugin.jobs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Does the same to several, some at once, on virtual threads. */
final class Parallel {
  private Parallel() {}

  /** What is done to each. */
  @FunctionalInterface
  interface Step<T> {
    void apply(T item) throws Exception;
  }

  /**
   * Does it to all, also when one of them fails, and waits for the end.
   *
   * @param most at once
   * @throws Exception the first of their failures, in the order of the items, which has the others
   *     with it
   */
  static <T> void each(Collection<T> items, int most, String thread, Step<T> step)
      throws Exception {
    List<Exception> failures = new ArrayList<>();
    Semaphore places = new Semaphore(Math.max(1, most));
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(thread).factory())) {
      List<Future<Void>> all = new ArrayList<>();
      for (T item : items) {
        all.add(threads.submit(in(places, step, item)));
      }
      for (Future<Void> one : all) {
        try {
          one.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause() instanceof Exception cause ? cause : e);
        }
      }
    }
    if (!failures.isEmpty()) {
      Exception first = failures.removeFirst();
      failures.stream().filter(other -> other != first).forEach(first::addSuppressed);
      throw first;
    }
  }

  private static <T> Callable<Void> in(Semaphore places, Step<T> step, T item) {
    return () -> {
      places.acquire();
      try {
        step.apply(item);
        return null;
      } finally {
        places.release();
      }
    };
  }
}
