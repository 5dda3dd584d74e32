package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Job;
import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import dev.rr.proto.JobsProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Traces of jobs, which travel in their headers. Any thread. */
record Traces(Optional<Tracer> tracer) {
  /** Begins a call of a client that came without a trace. */
  Span call(String name) {
    return begin(name, Tracer.Kind.SERVER, field -> null);
  }

  /** Begins a call of a client that hands over jobs, in the trace of the first that is in one. */
  Span push(String name, List<JobsProto.Job> jobs) {
    return begin(name, Tracer.Kind.SERVER, field -> field(jobs, field));
  }

  /** Begins the work on a job: below the push, which goes before what the client wrote. */
  Span work(Job job) {
    return begin(
        "jobs_listener",
        Tracer.Kind.INTERNAL,
        field -> {
          String own = canonical(field);
          List<String> pushed = job.headers().getOrDefault(own, List.of());
          return pushed.isEmpty() ? field(job.headers(), field) : pushed.getFirst();
        });
  }

  /** As the server writes names: {@code Traceparent}, {@code Uber-Trace-Id}. */
  private static String canonical(String field) {
    StringBuilder name = new StringBuilder(field);
    for (int i = 0; i < name.length(); i++) {
      if (i == 0 || name.charAt(i - 1) == '-') {
        name.setCharAt(i, Character.toUpperCase(name.charAt(i)));
      }
    }
    return name.toString();
  }

  private Span begin(String name, Tracer.Kind kind, Function<String, @Nullable String> incoming) {
    return tracer.isEmpty() ? Span.NONE : tracer.get().begin(name, kind, incoming);
  }

  /** A job with the headers that pass the span on. */
  Job inject(Span span, Job job) {
    return tracer.isEmpty() ? job : job.withHeaders(outgoing(span));
  }

  /** Headers with those that pass the span on. */
  Map<String, List<String>> inject(Span span, Map<String, List<String>> headers) {
    if (tracer.isEmpty()) {
      return headers;
    }
    Map<String, List<String>> all = new HashMap<>(headers);
    all.putAll(outgoing(span));
    return all;
  }

  private static Map<String, List<String>> outgoing(Span span) {
    Map<String, List<String>> outgoing = new HashMap<>();
    span.inject((name, value) -> outgoing.put(name, List.of(value)));
    return outgoing;
  }

  /** Reads headers only: payloads may be large, and an event loop waits. */
  private static @Nullable String field(List<JobsProto.Job> jobs, String name) {
    for (JobsProto.Job job : jobs) {
      for (var header : job.getHeadersMap().entrySet()) {
        if (header.getKey().equalsIgnoreCase(name) && header.getValue().getValueCount() > 0) {
          return header.getValue().getValue(0);
        }
      }
    }
    return null;
  }

  /** Clients write names as they like. */
  private static @Nullable String field(Map<String, List<String>> headers, String name) {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase(name) && !header.getValue().isEmpty()) {
        return header.getValue().getFirst();
      }
    }
    return null;
  }
}
