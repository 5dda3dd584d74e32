package dev.rr.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The smallest state: texts {@code key=value}; an empty value takes the key away. */
final class Texts implements JournalState {
  /** Where a record stands, and how long it is. */
  private record Slot(long at, int length) {}

  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  @Override
  public void apply(ByteBuffer record, long at) {
    int length = record.remaining();
    String text = UTF_8.decode(record).toString();
    int equals = text.indexOf('=');
    String key = text.substring(0, equals);
    if (equals == text.length() - 1) {
      slots.remove(key);
    } else {
      slots.put(key, new Slot(at, length));
    }
  }

  @Override
  public Iterator<byte[]> snapshot(JournalReader values) {
    return slots.values().stream().map(slot -> values.read(slot.at(), slot.length())).iterator();
  }

  @Override
  public long liveBytes() {
    return slots.values().stream().mapToLong(Slot::length).sum();
  }

  /** Values by key. */
  Map<String, String> values(JournalReader reader) {
    Map<String, String> values = new TreeMap<>();
    slots.forEach((key, slot) -> {
      String text = new String(reader.read(slot.at(), slot.length()), UTF_8);
      values.put(key, text.substring(key.length() + 1));
    });
    return values;
  }
}
