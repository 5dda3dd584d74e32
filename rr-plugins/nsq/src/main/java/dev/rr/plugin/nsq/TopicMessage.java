package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobHeaders;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a job looks like in a topic: JSON of upstream's struct. Stateless. */
final class TopicMessage {
  private TopicMessage() {}

  static byte[] encode(Job job, String pipeline) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("priority", job.options().priority());
    if (!pipeline.isEmpty()) {
      options.put("pipeline", pipeline);
    }
    long delay = seconds(job.options().delay());
    if (delay > 0) {
      options.put("delay", delay);
    }
    options.put("auto_ack", job.options().autoAck());
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("job", job.name());
    item.put("id", job.id());
    item.put("payload", job.payload());
    item.put("headers", job.headers());
    item.put("options", options);
    return JsonWriter.write(item);
  }

  /** Rounded up. */
  static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }

  /** What a topic held, whoever has published it. */
  static Job decode(byte[] body) {
    try {
      if (JsonReader.read(body, 0) instanceof Map<?, ?> item
          && item.get("options") instanceof Map<?, ?> options) {
        return new Job(
            text(item.get("id")),
            text(item.get("job")),
            Base64.getDecoder().decode(text(item.get("payload"))),
            JobHeaders.of(item.get("headers")),
            options(options));
      }
    } catch (IllegalArgumentException e) {
      // Somebody else's.
    }
    return Job.foreign(body, Map.of());
  }

  private static Job.Options options(Map<?, ?> options) {
    return new Job.Options(
        number(options.get("priority")),
        Job.delay(number(options.get("delay"))),
        Boolean.TRUE.equals(options.get("auto_ack")),
        Job.LogPlace.NONE);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  /** As the protocol writes them. */
  static byte[] ascii(String text) {
    return text.getBytes(UTF_8);
  }
}
