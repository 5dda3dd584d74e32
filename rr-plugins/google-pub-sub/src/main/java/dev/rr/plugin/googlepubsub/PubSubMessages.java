package dev.rr.plugin.googlepubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.rr.api.jobs.Job;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import dev.rr.plugin.googlepubsub.PubSubProto.PubsubMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a job looks like in a topic: its payload, and the rest in attributes that are upstream's.
 * Stateless.
 */
final class PubSubMessages {
  private static final String OURS = "rr_";
  private static final String ID = "rr_id";
  private static final String JOB = "rr_job";
  private static final String DELAY = "rr_delay";
  private static final String HEADERS = "rr_headers";
  private static final String PRIORITY = "rr_priority";
  private static final String AUTO_ACK = "rr_auto_ack";

  private PubSubMessages() {}

  static PubsubMessage encode(Job job) {
    return PubsubMessage.newBuilder()
        .setData(ByteString.copyFrom(job.payload()))
        .putAttributes(ID, job.id())
        .putAttributes(JOB, job.name())
        .putAttributes(DELAY, Long.toString(seconds(job.options().delay())))
        .putAttributes(HEADERS, new String(JsonWriter.write(job.headers()), UTF_8))
        .putAttributes(PRIORITY, Long.toString(job.options().priority()))
        .putAttributes(AUTO_ACK, Boolean.toString(job.options().autoAck()))
        .build();
  }

  /** Rounded up. */
  private static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }

  /**
   * What a topic held, whoever has published it. A message of somebody else has its own id, so that
   * it is the same each time it comes, and its attributes as headers.
   */
  static Job decode(PubsubMessage message) {
    Map<String, String> attributes = message.getAttributesMap();
    return new Job(
        text(attributes, ID, message.getMessageId()),
        text(attributes, JOB, Job.FOREIGN),
        message.getData().toByteArray(),
        headers(attributes),
        new Job.Options(
            number(attributes.getOrDefault(PRIORITY, "")),
            Job.delay(number(attributes.getOrDefault(DELAY, ""))),
            "true".equals(attributes.get(AUTO_ACK)),
            Job.LogPlace.NONE));
  }

  /** Upstream's copies of messages of somebody else have empty ones. */
  private static String text(Map<String, String> attributes, String name, String fallback) {
    String text = attributes.getOrDefault(name, "");
    return text.isEmpty() ? fallback : text;
  }

  private static Map<String, List<String>> headers(Map<String, String> attributes) {
    Map<String, List<String>> headers = new HashMap<>();
    attributes.forEach((name, value) -> {
      if (!name.startsWith(OURS)) {
        headers.put(name, List.of(value));
      }
    });
    try {
      byte[] json = attributes.getOrDefault(HEADERS, "null").getBytes(UTF_8);
      if (JsonReader.read(json, 0) instanceof Map<?, ?> map) {
        map.forEach((name, values) -> {
          if (values instanceof List<?> list) {
            headers.put(
                String.valueOf(name),
                list.stream().filter(Objects::nonNull).map(String::valueOf).toList());
          }
        });
      }
    } catch (IllegalArgumentException e) {
      // Somebody else's.
    }
    return headers;
  }

  /** 0 for what is no number: the pipeline's priority, no delay. */
  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
