package dev.rr.plugin.kv;

import static java.util.Objects.requireNonNull;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvStore;
import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.trace.Span;
import dev.rr.metrics.Counter;
import dev.rr.proto.KvProto.Request;
import dev.rr.proto.KvProto.Response;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A store that is open, what it was asked, and how often. Any thread. */
final class Storage {
  private final String name;
  private final KvStore store;
  private final boolean quick;
  private final Map<KvMethod, String> spans = new EnumMap<>(KvMethod.class);
  private final Map<KvMethod, Counter> calls = new EnumMap<>(KvMethod.class);
  private final Map<KvMethod, Counter> errors = new EnumMap<>(KvMethod.class);

  // Two adders that rarely share a cache line, instead of one number that every call changes twice.
  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private volatile boolean closed;

  /**
   * A storage that was opened.
   *
   * @param driver what its spans begin with
   */
  Storage(String name, KvStore store, String driver) {
    this.name = name;
    this.store = store;
    this.quick = store.quick();
    for (KvMethod method : KvMethod.values()) {
      spans.put(method, driver + ':' + method.label());
      calls.put(method, new Counter("rr_kv_calls_total", "Calls by storage and method."));
      errors.put(method, new Counter("rr_kv_errors_total", "Calls that failed."));
    }
  }

  /** What a method does with the store. */
  @FunctionalInterface
  interface Action {
    /** Answers the request. */
    Response answer(KvStore store, Request request) throws OperationException, InterruptedException;
  }

  /** Whether a method may run where nothing may wait. */
  boolean isQuick(KvMethod method) {
    return quick && method != KvMethod.CLEAR;
  }

  /**
   * Has a method answered.
   *
   * @param span the call's, below which the driver has its own
   * @throws OperationException what the store says, within the method's own operation
   */
  Response call(KvMethod method, Request request, Action action, Span span)
      throws OperationException, InterruptedException {
    begun.increment();
    try {
      if (closed) {
        throw NoSuchStorage.named(name);
      }
      requireNonNull(calls.get(method)).increment();
      return traced(request, action, span.child(requireNonNull(spans.get(method))));
    } catch (NoSuchStorage e) {
      throw e;
    } catch (OperationException | RuntimeException e) {
      requireNonNull(errors.get(method)).increment();
      throw OperationException.within(method.operation(), e);
    } finally {
      ended.increment();
    }
  }

  private Response traced(Request request, Action action, Span span)
      throws OperationException, InterruptedException {
    try {
      return action.answer(store, request);
    } catch (OperationException | RuntimeException e) {
      span.error(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      span.end();
    }
  }

  void collect(MetricsSink sink) {
    calls.forEach((method, counter) -> collect(sink, method, counter));
    errors.forEach((method, counter) -> collect(sink, method, counter));
  }

  private void collect(MetricsSink sink, KvMethod method, Counter counter) {
    counter.collect(sink, "storage", name, "method", method.label());
  }

  /** Lets calls under way come to their end as long as there is time, then closes the store. */
  void close(Deadline deadline) throws Exception {
    closed = true;
    try {
      while (isBusy() && !deadline.passed()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } finally {
      store.close(deadline);
    }
  }

  private boolean isBusy() {
    // In this order: what begins between the two lines sees that the storage is closed.
    long before = ended.sum();
    return begun.sum() != before;
  }
}
