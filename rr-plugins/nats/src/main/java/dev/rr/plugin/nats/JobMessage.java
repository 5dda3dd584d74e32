package dev.rr.plugin.nats;

import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobHeaders;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job looks like in a stream: upstream's JSON, with its headers as those of the message.
 * Headers that NATS cannot carry stand in the JSON, where upstream does not look.
 */
final class JobMessage {
  /** The header that tells a worker the subject. */
  static final String SUBJECT = "x-nats-subject";

  /** Headers that mean something to the server, such as the id of a message that comes once. */
  private static final String OF_SERVER = "nats-";

  private static final String JOB = "job";
  private static final String ID = "id";
  private static final String PAYLOAD = "payload";
  private static final String HEADERS = "headers";
  private static final String OPTIONS = "options";
  private static final String PRIORITY = "priority";
  private static final String PIPELINE = "pipeline";
  private static final String DELAY = "delay";
  private static final String AUTO_ACK = "auto_ack";

  private JobMessage() {}

  // ---- out -------------------------------------------------------------------------------------

  /** A job that a client has pushed. */
  static NatsMessage pushed(Job job, String pipeline, String subject) {
    return message(job, pipeline, subject, true);
  }

  /** A job that comes again: the server must not take it for the one that it knows. */
  static NatsMessage again(Job job, String pipeline, String subject) {
    return message(job, pipeline, subject, false);
  }

  private static NatsMessage message(Job job, String pipeline, String subject, boolean toServer) {
    Headers carried = new Headers();
    Map<String, List<String>> others = new HashMap<>();
    job.headers()
        .forEach((name, values) -> {
          if (name.equals(SUBJECT)) {
            return;
          }
          boolean ofServer = name.regionMatches(true, 0, OF_SERVER, 0, OF_SERVER.length());
          if ((toServer || !ofServer) && isCarried(name, values)) {
            carried.put(name, values);
          } else {
            others.put(name, values);
          }
        });
    return NatsMessage.builder()
        .subject(subject)
        .headers(carried)
        .data(body(job, pipeline, others))
        .build();
  }

  private static byte[] body(Job job, String pipeline, Map<String, List<String>> others) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(JOB, job.name());
    body.put(ID, job.id());
    body.put(PAYLOAD, Base64.getEncoder().encodeToString(job.payload()));
    if (!others.isEmpty()) {
      body.put(HEADERS, others);
    }
    body.put(OPTIONS, options(job.options(), pipeline));
    return JsonWriter.write(body);
  }

  private static Map<String, Object> options(Job.Options options, String pipeline) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(PRIORITY, options.priority());
    out.put(PIPELINE, pipeline);
    if (options.delay().isPositive()) {
      out.put(DELAY, options.delay().plusNanos(999_999_999).toSeconds());
    }
    out.put(AUTO_ACK, options.autoAck());
    out.put("Queue", "");
    return out;
  }

  /**
   * Whether a header of a message may be so: visible ASCII, and no blanks at the ends of values.
   */
  private static boolean isCarried(String name, List<String> values) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')
        && !values.isEmpty()
        && values.stream().allMatch(JobMessage::isCarried);
  }

  private static boolean isCarried(String value) {
    return value.strip().equals(value) && value.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  // ---- in --------------------------------------------------------------------------------------

  /** What a stream held, whoever has published it. */
  static Job decode(byte[] data, @Nullable Headers carried, String subject) {
    Map<String, List<String>> headers = EscapedHeaders.of(carried);
    Job job;
    try {
      job = job(data, headers);
    } catch (IllegalArgumentException | ClassCastException e) {
      job = null;
    }
    if (job == null) {
      job = Job.foreign(data, headers);
    }
    return job.withHeaders(Map.of(SUBJECT, List.of(subject)));
  }

  /** Null when it is somebody else's; throws when a value is of another type. */
  private static @Nullable Job job(byte[] data, Map<String, List<String>> headers) {
    if (!(JsonReader.read(data, 0) instanceof Map<?, ?> body)
        || !(body.get(OPTIONS) instanceof Map<?, ?> options)) {
      return null;
    }
    byte[] payload = Base64.getDecoder().decode(text(body.get(PAYLOAD)));
    Job.Options read = options(options);
    Map<String, List<String>> all = new HashMap<>(headers);
    all.putAll(JobHeaders.of(body.get(HEADERS)));
    return new Job(text(body.get(ID)), text(body.get(JOB)), payload, all, read);
  }

  private static Job.Options options(Map<?, ?> options) {
    var _ = text(options.get(PIPELINE));
    return new Job.Options(
        number(options.get(PRIORITY)),
        Job.delay(number(options.get(DELAY))),
        options.get(AUTO_ACK) instanceof Object flag && (Boolean) flag,
        Job.LogPlace.NONE);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : (String) value;
  }

  private static long number(@Nullable Object value) {
    return value == null ? 0 : (Long) value;
  }
}
