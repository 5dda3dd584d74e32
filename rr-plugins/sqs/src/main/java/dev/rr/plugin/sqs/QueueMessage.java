package dev.rr.plugin.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * What a job looks like in a queue: upstream's, the payload as text and the rest as attributes. A
 * payload that SQS does not take as text stands there as base64, which an attribute of our own
 * says.
 *
 * @param body the text
 * @param size about the bytes that SQS counts
 */
record QueueMessage(String body, Map<String, MessageAttributeValue> attributes, int size) {
  private static final String ID = "rr_id";
  private static final String JOB = "rr_job";
  private static final String DELAY = "rr_delay";
  private static final String HEADERS = "rr_headers";
  private static final String PRIORITY = "rr_priority";
  private static final String AUTO_ACK = "rr_auto_ack";

  /** Begins the names of those above, and of others that are no headers. */
  private static final String OWN = "rr_";

  /** How the body stands for the payload, where it is not the payload. */
  private static final String ENCODING = "rr_encoding";

  private static final String BASE64 = "base64";
  private static final String EMPTY = "empty";

  private static final String TEXT = "String";
  private static final String NUMBER = "Number";
  private static final String BINARY = "Binary";

  /** Names and types of attributes, and the short ones of their values. */
  private static final int OVERHEAD = 200;

  // ---- out -------------------------------------------------------------------------------------

  /** A job that is to be sent. */
  static QueueMessage of(Job job) {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    attributes.put(ID, text(TEXT, job.id()));
    if (!job.name().isEmpty()) {
      attributes.put(JOB, text(TEXT, job.name()));
    }
    attributes.put(DELAY, text(TEXT, Long.toString(seconds(job.options().delay()))));
    byte[] headers = JsonWriter.write(job.headers());
    attributes.put(
        HEADERS,
        MessageAttributeValue.builder()
            .dataType(BINARY)
            .binaryValue(SdkBytes.fromByteArray(headers))
            .build());
    attributes.put(PRIORITY, text(NUMBER, Long.toString(job.options().priority())));
    attributes.put(AUTO_ACK, text(TEXT, Boolean.toString(job.options().autoAck())));
    String body = asIs(job.payload());
    if (body == null) {
      boolean isEmpty = job.payload().length == 0;
      attributes.put(ENCODING, text(TEXT, isEmpty ? EMPTY : BASE64));
      body = isEmpty ? " " : Base64.getEncoder().encodeToString(job.payload());
    }
    int bytes = Math.max(body.length(), job.payload().length) + headers.length;
    // A character of a name is three bytes at most.
    return new QueueMessage(
        body, attributes, bytes + 3 * (job.id().length() + job.name().length()) + OVERHEAD);
  }

  private static MessageAttributeValue text(String type, String value) {
    return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
  }

  /** Whole seconds, the next ones where it is none. */
  static int seconds(Duration delay) {
    return (int) Math.min(Integer.MAX_VALUE, delay.plusNanos(999_999_999).toSeconds());
  }

  /** The payload as text; null where SQS would not take it. */
  private static @Nullable String asIs(byte[] payload) {
    if (payload.length == 0) {
      return null;
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      return text.codePoints().allMatch(QueueMessage::isTaken) ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** As XML 1.0 has it. */
  private static boolean isTaken(int c) {
    return c >= ' ' ? c != 0xFFFE && c != 0xFFFF : c == '\t' || c == '\n' || c == '\r';
  }

  // ---- in --------------------------------------------------------------------------------------

  /** The job that a queue held, whoever has sent it. */
  static Job decode(Message message) {
    Map<String, MessageAttributeValue> attributes = message.messageAttributes();
    String id = string(attributes, ID);
    Job.Options options =
        new Job.Options(
            number(string(attributes, PRIORITY)),
            Job.delay(number(string(attributes, DELAY))),
            "true".equals(string(attributes, AUTO_ACK)),
            Job.LogPlace.NONE);
    byte[] payload = payload(message.body(), string(attributes, ENCODING));
    Map<String, List<String>> headers = new HashMap<>();
    if (id == null) {
      attributes.forEach((name, value) -> addForeign(headers, name, value));
    }
    headers.putAll(headers(attributes.get(HEADERS)));
    String job = string(attributes, JOB);
    return new Job(
        id == null ? UUID.randomUUID().toString() : id,
        job != null ? job : id == null ? Job.FOREIGN : "",
        payload,
        headers,
        options);
  }

  /** The same with what SQS tells of the message, for whoever works on it. */
  static Job told(Job job, Message message) {
    Map<String, List<String>> attributes = new HashMap<>();
    message.attributesAsStrings().forEach((name, value) -> attributes.put(name, List.of(value)));
    return job.withHeaders(attributes);
  }

  private static @Nullable String string(
      Map<String, MessageAttributeValue> attributes, String name) {
    MessageAttributeValue value = attributes.get(name);
    return value == null ? null : value.stringValue();
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static byte[] payload(@Nullable String body, @Nullable String encoding) {
    String text = body == null ? "" : body;
    if (EMPTY.equals(encoding)) {
      return new byte[0];
    }
    if (BASE64.equals(encoding)) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        // Somebody else's idea of it.
      }
    }
    return text.getBytes(UTF_8);
  }

  private static Map<String, List<String>> headers(@Nullable MessageAttributeValue given) {
    Map<String, List<String>> headers = new HashMap<>();
    if (given == null || given.binaryValue() == null) {
      return headers;
    }
    try {
      if (JsonReader.read(given.binaryValue().asByteArrayUnsafe(), 0) instanceof Map<?, ?> map) {
        map.forEach((name, values) -> {
          if (values instanceof List<?> list) {
            headers.put(String.valueOf(name), list.stream().map(String::valueOf).toList());
          }
        });
      }
    } catch (IllegalArgumentException e) {
      // As upstream, a job without headers.
    }
    return headers;
  }

  /** The three types may have a label of their own behind a point, which says nothing to us. */
  private static void addForeign(
      Map<String, List<String>> headers, String name, MessageAttributeValue value) {
    if (name.startsWith(OWN)) {
      return;
    }
    if (value.stringValue() != null) {
      headers.put(name, List.of(value.stringValue()));
    } else if (value.binaryValue() != null) {
      headers.put(name, List.of(value.binaryValue().asString(UTF_8)));
    }
  }
}
