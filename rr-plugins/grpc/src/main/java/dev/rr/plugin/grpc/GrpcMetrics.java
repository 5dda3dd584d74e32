package dev.rr.plugin.grpc;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.metrics.Counter;
import dev.rr.metrics.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of calls, under upstream's names. Only methods that exist are counted, so that no
 * client makes labels. Any thread.
 */
final class GrpcMetrics implements MetricsSource {
  private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private final LongAdder running = new LongAdder();
  private final Map<String, Method> methods = new ConcurrentHashMap<>();

  private record Method(Histogram durations, Map<String, Counter> byCode) {
    private Method() {
      this(
          new Histogram("rr_grpc_request_duration_seconds", "GRPC request duration.", BOUNDS),
          new ConcurrentHashMap<>());
    }
  }

  void begun() {
    running.increment();
  }

  /**
   * A call is over.
   *
   * @param method {@code /package.Service/Method}
   * @param code by name
   */
  void ended(String method, String code, long nanos) {
    running.decrement();
    Method of = methods.computeIfAbsent(method, name -> new Method());
    of.durations().observeNanos(nanos);
    of.byCode()
        .computeIfAbsent(
            code,
            name ->
                new Counter(
                    "rr_grpc_request_total",
                    "Total number of GRPC requests processed after the server restarted, including"
                        + " their status codes."))
        .increment();
  }

  @Override
  public void collect(MetricsSink sink) {
    methods.forEach((method, of) -> {
      var unused = of.durations().collect(sink, "grpc_method", method);
      of.byCode()
          .forEach(
              (code, count) -> count.collect(sink, "grpc_method", method, "status_code", code));
    });
    sink.gauge("rr_grpc_requests_queue", "Total number of queued requests.", running.sum());
  }
}
