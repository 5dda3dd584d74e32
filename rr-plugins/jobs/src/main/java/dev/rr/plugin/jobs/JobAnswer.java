package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Job;
import dev.rr.json.JsonReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker said of a job.
 *
 * @param kind what is to become of it
 * @param message why, in the worker's words
 * @param requeue whether it is to come again; of {@link Kind#ERROR} and {@link Kind#NACK}
 * @param delay before it comes again
 * @param headers for the job that comes again
 */
record JobAnswer(
    Kind kind, String message, boolean requeue, Duration delay, Map<String, List<String>> headers) {
  /** The types of answers, in the order of their numbers. */
  enum Kind {
    NO_ERROR,
    ERROR,
    ACK,
    NACK,
    REQUEUE,
    /** A number that nobody knows. */
    OTHER;

    private static Kind of(long number) {
      return number >= 0 && number < OTHER.ordinal() ? values()[(int) number] : OTHER;
    }

    /** Whether there is something to read beside the type. */
    private boolean hasData() {
      return this == ERROR || this == NACK || this == REQUEUE;
    }
  }

  private static final JobAnswer DONE = of(Kind.NO_ERROR);

  private static JobAnswer of(Kind kind) {
    return new JobAnswer(kind, "", false, Duration.ZERO, Map.of());
  }

  /**
   * Reads an answer. PHP sends an empty list as the data of those that need none.
   *
   * @throws IllegalArgumentException when it is none, in the words of Go's decoder
   */
  static JobAnswer read(byte[] body) {
    Object read = JsonReader.read(body, 0);
    if (read == null) {
      return DONE;
    }
    Map<?, ?> answer = object(read, "protocol.protocol");
    Kind kind = Kind.of(number(answer.get("type"), "type"));
    if (!kind.hasData()) {
      return kind == Kind.NO_ERROR ? DONE : of(kind);
    }
    Object given = answer.get("data");
    if (given == null) {
      return of(kind);
    }
    Map<?, ?> data = object(given, "protocol.errorResp");
    return new JobAnswer(
        kind,
        text(data.get("message"), "message"),
        bool(data.get("requeue")),
        Job.delay(number(data.get("delay_seconds"), "delay_seconds")),
        headers(data.get("headers")));
  }

  private static Map<?, ?> object(Object value, String type) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong(value, "Go value of type " + type);
  }

  private static long number(@Nullable Object value, String field) {
    return switch (value) {
      case null -> 0;
      case Long number -> number;
      default -> throw wrong(value, "the field " + field + ", a whole number");
    };
  }

  private static String text(@Nullable Object value, String field) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      default -> throw wrong(value, "the field " + field + ", a text");
    };
  }

  private static boolean bool(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      default -> throw wrong(value, "the field requeue, true or false");
    };
  }

  /** PHP's empty map is a list. */
  private static Map<String, List<String>> headers(@Nullable Object value) {
    if (value == null || value instanceof List<?> list && list.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    object(value, "map[string][]string")
        .forEach((name, values) -> headers.put(String.valueOf(name), texts(values)));
    return headers;
  }

  private static List<String> texts(@Nullable Object values) {
    if (values == null) {
      return List.of();
    }
    if (!(values instanceof List<?> list)) {
      throw wrong(values, "a header's values, a list of texts");
    }
    List<String> texts = new ArrayList<>();
    list.forEach(value -> texts.add(text(value, "headers")));
    return List.copyOf(texts);
  }

  private static IllegalArgumentException wrong(Object value, String what) {
    String found =
        switch (value) {
          case List<?> list -> "array";
          case Map<?, ?> map -> "object";
          case String text -> "string";
          case Boolean bool -> "bool";
          default -> "number";
        };
    return new IllegalArgumentException("json: cannot unmarshal " + found + " into " + what);
  }
}
