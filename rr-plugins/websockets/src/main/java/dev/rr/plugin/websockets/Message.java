package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.MemoryBudget;
import dev.rr.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What clients are told: {@code {"topic":"…","payload":…}}, made once for all of them, in the form
 * of each transport when the first needs it. Any thread; the bytes are shared and not changed.
 */
final class Message {
  /** A shorter message does not become shorter. */
  private static final int WORTH_PACKING = 256; // bytes

  private final String topic;
  private final long id;
  private final byte[] json;

  /** How many it waits for. */
  private final AtomicInteger clients = new AtomicInteger();

  // Made twice, at worst, when two threads need them first.
  private volatile byte @Nullable [] frame;
  private volatile byte @Nullable [] packedFrame;
  private volatile byte @Nullable [] event;

  private Message(String topic, long id, @Nullable Object payload) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("topic", topic);
    fields.put("payload", payload);
    this.topic = topic;
    this.id = id;
    this.json = JsonWriter.write(fields);
  }

  /**
   * What was published.
   *
   * @param payload is told as text, also when it is JSON; what is no UTF-8 is replaced
   * @param id of it among all messages, or 0
   */
  static Message published(String topic, byte[] payload, long id) {
    return new Message(topic, id, new String(payload, UTF_8));
  }

  /** The answer to a command: {@code @join}, {@code #join} or {@code @leave}. */
  static Message reply(String what, @Nullable List<String> topics) {
    return new Message(what, 0, topics);
  }

  String topic() {
    return topic;
  }

  long id() {
    return id;
  }

  /**
   * It waits for one more client. Its bytes are counted once for all of them.
   *
   * @param waiting what all messages may take that wait
   * @return to be run once it does not any more
   */
  Runnable waits(MemoryBudget waiting) {
    if (clients.getAndIncrement() == 0) {
      waiting.add(size());
    }
    return () -> {
      if (clients.decrementAndGet() == 0) {
        waiting.give(size());
      }
    };
  }

  /** What it takes in memory while it is kept, in bytes. */
  int size() {
    return 2 * json.length + 2 * topic.length() + 200;
  }

  /** As a WebSocket frame. */
  ByteBuffer frame() {
    byte[] made = frame;
    if (made == null) {
      made = Frames.text(json, false);
      frame = made;
    }
    return ByteBuffer.wrap(made);
  }

  /** As a WebSocket frame that is packed where that is worth it. */
  ByteBuffer frame(Deflation deflation) {
    if (json.length < WORTH_PACKING) {
      return frame();
    }
    byte[] made = packedFrame;
    if (made == null) {
      made = Frames.text(deflation.pack(json), true);
      packedFrame = made;
    }
    return ByteBuffer.wrap(made);
  }

  /**
   * As a server-sent event, whose data is JSON and thus one line.
   *
   * @param epoch what its id begins with
   */
  ByteBuffer event(String epoch) {
    byte[] made = event;
    if (made == null) {
      String head = id == 0 ? "" : "id: " + epoch + "-" + id + "\n";
      made = (head + "data: " + new String(json, UTF_8) + "\n\n").getBytes(UTF_8);
      event = made;
    }
    return ByteBuffer.wrap(made);
  }
}
