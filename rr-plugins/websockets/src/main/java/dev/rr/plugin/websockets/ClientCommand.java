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
 * @param size of what it takes while it waits, in bytes
 */
record ClientCommand(String name, @Nullable List<String> topics, int size) {
  /** What a command takes besides its message, and each topic besides its text. */
  private static final int OVERHEAD = 100; // bytes

  private static final int TOPIC = 50; // bytes

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
    List<String> topics = texts(fields.get("topics"));
    int size = message.length + OVERHEAD + TOPIC * (topics == null ? 0 : topics.size());
    return new ClientCommand(name, topics, size);
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
