package dev.rr.testing.worker;

import dev.rr.api.log.Log;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A log that remembers. Any thread. */
public final class RecordingLog implements Log {
  private final List<String> records = new CopyOnWriteArrayList<>();

  @Override
  public boolean enabled(Level level) {
    return true;
  }

  @Override
  public void log(
      Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
    records.add(
        level + " " + message + " " + Arrays.toString(attributes) + (error == null ? "" : error));
  }

  /** Every record so far: level, message, attributes. */
  public List<String> records() {
    return List.copyOf(records);
  }

  /** The records that contain a text. */
  public List<String> with(String text) {
    return records.stream().filter(r -> r.contains(text)).toList();
  }
}
