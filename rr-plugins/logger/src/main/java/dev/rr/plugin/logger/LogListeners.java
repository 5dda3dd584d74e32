package dev.rr.plugin.logger;

import dev.rr.api.log.LogTail;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who sees what is logged; most often nobody. Any thread. */
final class LogListeners implements LogTail {
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public Runnable listen(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void show(Record record, LineBuffer buffer) {
    if (listeners.isEmpty()) {
      return;
    }
    Line line = null;
    for (Listener listener : listeners) {
      if (listener.takes(record.level())) {
        line = line == null ? line(record, buffer) : line;
        listener.line(line);
      }
    }
  }

  private static Line line(Record record, LineBuffer buffer) {
    String attributes = "";
    if (JsonEncoder.hasAttributes(record)) {
      buffer.clear();
      buffer.put('{');
      JsonEncoder.attributes(buffer, record, true, false);
      buffer.put('}');
      attributes = buffer.toString();
    }
    return new Line(record.time(), record.level(), record.logger(), record.message(), attributes);
  }
}
