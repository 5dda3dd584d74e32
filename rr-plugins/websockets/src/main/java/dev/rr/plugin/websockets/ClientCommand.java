package dev.rr.plugin.websockets;

import dev.rr.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client says: {@code {"command":"join","topics":["a"]}}.
 *
 * @param topics as they came; null when there is no such key
 * @param size of the message, in bytes
 */
record ClientCommand(String name, @Nullable List<String> topics, int size) {
  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is none
   */
  static ClientCommand of(byte[] message) {
    if (!(JsonReader.read(message, 0) instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException("a command is an object");
    }
    String name = fields.get("command") instanceof String text ? text : "";
    return new ClientCommand(name, texts(fields.get("topics")), message.length);
  }

  private static @Nullable List<String> texts(@Nullable Object topics) {
    if (topics == null) {
      return null;
    }
    if (!(topics instanceof List<?> list)) {
      throw new IllegalArgumentException("topics is a list");
    }
    List<String> texts = new ArrayList<>();
    for (Object topic : list) {
      if (!(topic instanceof String text)) {
        throw new IllegalArgumentException("topics is a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  /** The topics, none where the key is missing; those that have a name. */
  List<String> named() {
    return Objects.requireNonNullElse(topics, List.<String>of()).stream()
        .filter(topic -> !topic.isEmpty())
        .distinct()
        .toList();
  }
}
