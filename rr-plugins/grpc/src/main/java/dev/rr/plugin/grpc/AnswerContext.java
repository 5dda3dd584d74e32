package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.grpc.GrpcMetadata;
import dev.rr.api.grpc.GrpcReply;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.log.Log;
import dev.rr.json.JsonReader;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a worker says beside its message: a JSON object of texts. {@code headers} and {@code
 * trailers} are JSON texts inside of it; an object without them, as older packages send it, is
 * headers itself. {@code error} is a serialised status in base64.
 */
final class AnswerContext {
  private static final String ERROR = "error";
  private static final String HEADERS = "headers";
  private static final String TRAILERS = "trailers";

  private AnswerContext() {}

  /**
   * Fills headers and trailers.
   *
   * @return the error that the worker answers with
   * @throws IllegalArgumentException when it is no such object; what is wrong with it
   */
  static Optional<GrpcStatus> apply(byte[] context, GrpcReply reply, Log log) {
    if (context.length == 0 || context.length == 2 && context[0] == '{') {
      return Optional.empty();
    }
    Map<String, String> said = texts(JsonReader.read(context, 0));
    String headers = said.getOrDefault(HEADERS, "");
    String trailers = said.getOrDefault(TRAILERS, "");
    if (said.containsKey(HEADERS) || said.containsKey(TRAILERS)) {
      fill(reply.headers(), HEADERS, headers, log);
      fill(reply.trailers(), TRAILERS, trailers, log);
    } else {
      said.forEach((name, value) -> {
        if (!name.equals(ERROR)) {
          reply.headers().add(name, value);
        }
      });
    }
    String error = said.get(ERROR);
    return error == null ? Optional.empty() : status(error);
  }

  private static Map<String, String> texts(@Nullable Object document) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (document == null) {
      return texts;
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw mismatch(document, "map[string]string");
    }
    map.forEach((name, value) -> {
      if (value != null && !(value instanceof String)) {
        throw mismatch(value, "string");
      }
      texts.put(lower(String.valueOf(name)), value == null ? "" : value.toString());
    });
    return texts;
  }

  private static IllegalArgumentException mismatch(Object value, String wanted) {
    String kind =
        switch (value) {
          case String text -> "string";
          case Boolean bool -> "bool";
          case List<?> list -> "array";
          case Map<?, ?> map -> "object";
          default -> "number";
        };
    return new IllegalArgumentException(
        "json: cannot unmarshal " + kind + " into Go value of type " + wanted);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static void fill(GrpcMetadata metadata, String what, String json, Log log) {
    if (json.isEmpty()) {
      return;
    }
    Object document;
    try {
      document = JsonReader.read(json.getBytes(UTF_8), 0);
    } catch (IllegalArgumentException e) {
      log.error("error unmarshalling " + what, "error", e.getMessage());
      return;
    }
    if (document instanceof Map<?, ?> map) {
      map.forEach((name, value) -> {
        if (value instanceof String text) {
          metadata.add(lower(String.valueOf(name)), text);
        } else {
          log.warn("skipping header with unsupported type", "key", name, "value", value);
        }
      });
    } else if (document != null && !(document instanceof List<?> list && list.isEmpty())) {
      // PHP writes an empty map as a list.
      log.error("error unmarshalling " + what, "error", "it is no object");
    }
  }

  private static Optional<GrpcStatus> status(String base64) {
    byte[] serialised;
    try {
      serialised = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("illegal base64 data under the key error", e);
    }
    return RpcStatus.parse(serialised).toStatus();
  }
}
