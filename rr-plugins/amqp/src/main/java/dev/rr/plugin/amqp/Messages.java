package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import dev.rr.api.jobs.Job;
import dev.rr.api.log.Log;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as messages: what is known of a job stands in the message's headers, in upstream's names and
 * types, so that either server works on what the other has queued. Messages of others are jobs too.
 * Any thread.
 *
 * @param pipeline the name of the pipeline
 */
record Messages(String pipeline, Log log) {
  static final String ROUTING_KEY = "x-routing-key";

  static final String ID = "rr_id";
  private static final String JOB = "rr_job";
  private static final String PIPELINE = "rr_pipeline";
  private static final String HEADERS = "rr_headers";
  private static final String DELAY = "rr_delay";
  private static final String PRIORITY = "rr_priority";
  private static final String AUTO_ACK = "rr_auto_ack";
  private static final Set<String> RESERVED =
      Set.of(ID, JOB, PIPELINE, HEADERS, DELAY, PRIORITY, AUTO_ACK);

  private static final String CONTENT = "application/octet-stream";
  private static final int PERSISTENT = 2;

  /** What a message says, beside its payload. */
  record Received(Job job, String pipeline) {}

  // ---- out -------------------------------------------------------------------------------------

  /**
   * The properties of a job's message.
   *
   * @param origin the pipeline that it was pushed to first; empty for this one
   */
  BasicProperties properties(Job job, String origin) {
    Map<String, Object> headers = HashMap.newHashMap(RESERVED.size());
    headers.put(ID, job.id());
    headers.put(JOB, job.name());
    headers.put(PIPELINE, origin.isEmpty() ? pipeline : origin);
    headers.put(HEADERS, JsonWriter.write(own(job.headers())));
    headers.put(DELAY, Math.toIntExact(job.options().delay().toSeconds()));
    headers.put(PRIORITY, job.options().priority());
    headers.put(AUTO_ACK, job.options().autoAck());
    return new BasicProperties.Builder()
        .headers(headers)
        .contentType(CONTENT)
        .deliveryMode(PERSISTENT)
        .timestamp(new Date())
        .build();
  }

  /** Without those that say where and how, which a job that came from here has as well. */
  private static Map<String, List<String>> own(Map<String, List<String>> headers) {
    Map<String, List<String>> own = new LinkedHashMap<>(headers);
    own.keySet().removeAll(RESERVED);
    own.remove(ROUTING_KEY);
    return own;
  }

  /** The routing key that a job wants for itself; empty for the pipeline's. */
  static String routingKey(Job job) {
    List<String> wanted = job.headers().getOrDefault(ROUTING_KEY, List.of());
    return wanted.size() == 1 ? wanted.getFirst() : "";
  }

  // ---- in --------------------------------------------------------------------------------------

  Received received(BasicProperties properties, byte[] body) {
    Map<String, Object> headers =
        properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    Map<String, List<String>> told = new HeaderTexts(log).of(headers);
    told.putAll(packed(headers.get(HEADERS)));
    Job job =
        new Job(
            text(headers.get(ID), () -> UUID.randomUUID().toString()),
            text(headers.get(JOB), () -> Job.FOREIGN),
            body,
            told,
            new Job.Options(
                whole(headers, PRIORITY),
                Job.delay(whole(headers, DELAY)),
                Boolean.TRUE.equals(headers.get(AUTO_ACK)),
                Job.LogPlace.NONE));
    return new Received(job, text(headers.get(PIPELINE), () -> ""));
  }

  private static String text(@Nullable Object value, java.util.function.Supplier<String> missing) {
    return value instanceof LongString text ? text.toString() : missing.get();
  }

  /** Zero when there is none. */
  private long whole(Map<String, Object> headers, String name) {
    Object value = headers.get(name);
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return ((Number) value).longValue();
    }
    if (value != null) {
      log.warn("a header is no whole number", "pipeline", pipeline, "header", name, "value", value);
    }
    return 0;
  }

  /** A job's own headers, which are JSON; what is none is left out. */
  private Map<String, List<String>> packed(@Nullable Object value) {
    if (!(value instanceof byte[] json)) {
      return Map.of();
    }
    try {
      return lists(JsonReader.read(json, 0));
    } catch (IllegalArgumentException e) {
      log.warn(
          "failed to unmarshal headers (should be JSON), continuing execution",
          "pipeline",
          pipeline,
          "headers",
          new String(json, 0, Math.min(json.length, 256), UTF_8),
          "error",
          e.getMessage());
      return Map.of();
    }
  }

  private static Map<String, List<String>> lists(@Nullable Object read) {
    if (read == null) {
      return Map.of();
    }
    if (!(read instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("not an object of lists of texts");
    }
    Map<String, List<String>> out = new LinkedHashMap<>();
    map.forEach((name, values) -> out.put(String.valueOf(name), texts(values)));
    return out;
  }

  private static List<String> texts(@Nullable Object values) {
    return switch (values) {
      case null -> List.of();
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          list.stream().map(String.class::cast).toList();
      default -> throw new IllegalArgumentException("not an object of lists of texts");
    };
  }
}
