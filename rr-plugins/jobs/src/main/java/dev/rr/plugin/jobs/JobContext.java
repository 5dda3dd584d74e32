package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a worker is told about a job beside its payload. */
final class JobContext {
  private JobContext() {}

  /**
   * As JSON, with upstream's keys. {@code headers} is always there, since PHP reads it unasked, and
   * {@code queue} only where there is one: PHP has a word of its own for none.
   */
  static byte[] of(
      Delivery delivery, String driver, String pipeline, Map<String, List<String>> headers) {
    Job job = delivery.job();
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("id", job.id());
    context.put("job", job.name());
    context.put("driver", driver);
    context.put("headers", headers);
    context.put("pipeline", delivery.pipeline().isEmpty() ? pipeline : delivery.pipeline());
    if (!delivery.queue().isEmpty()) {
      context.put("queue", delivery.queue());
    }
    Job.LogPlace place = delivery.place();
    if (!place.topic().isEmpty()) {
      context.put("topic", place.topic());
      context.put("partition", place.partition());
      context.put("offset", place.offset());
    }
    return JsonWriter.write(context);
  }
}
