package dev.rr.plugin.boltdb;

import dev.rr.journal.JournalReader;
import dev.rr.journal.JournalState;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of a pipeline stand in its file, by their numbers. The journal's thread changes
 * it, any thread looks.
 */
final class JobIndex implements JournalState {
  /** What a change takes in the file beside its job. */
  private static final int HEAD = 33;

  /** What a job takes in memory, here and where it waits: measured. */
  static final long JOB_BYTES = 160;

  private final Map<Long, Slot> slots = new ConcurrentHashMap<>();
  private long live;

  /**
   * A job in the file.
   *
   * @param due milliseconds since 1970; 0 for at once
   */
  record Slot(long at, int length, long due, long priority) {}

  /** Where a job stands; null when it is gone. */
  @Nullable Slot find(long number) {
    return slots.get(number);
  }

  /** All jobs. */
  Map<Long, Slot> all() {
    return slots;
  }

  int size() {
    return slots.size();
  }

  @Override
  public void apply(ByteBuffer record, long at) {
    while (record.hasRemaining()) {
      switch (record.get()) {
        case JobRecords.WAITS -> waits(record, at);
        case JobRecords.GONE -> drop(slots.remove(record.getLong()));
        default ->
            throw new IllegalStateException(
                "the file was written by a newer version of this driver, or by kv");
      }
    }
  }

  private void waits(ByteBuffer record, long at) {
    long number = record.getLong();
    long due = record.getLong();
    long priority = record.getLong();
    int length = record.getInt();
    drop(slots.put(number, new Slot(at + record.position(), length, due, priority)));
    live += HEAD + length;
    record.position(record.position() + length);
  }

  private void drop(@Nullable Slot old) {
    if (old != null) {
      live -= HEAD + old.length();
    }
  }

  @Override
  public Iterator<byte[]> snapshot(JournalReader values) {
    return slots.entrySet().stream()
        .map(entry -> {
          Slot slot = entry.getValue();
          JobRecords record = new JobRecords();
          record.waits(
              entry.getKey(), slot.due(), slot.priority(), values.read(slot.at(), slot.length()));
          return record.record();
        })
        .iterator();
  }

  @Override
  public long liveBytes() {
    return live;
  }
}
