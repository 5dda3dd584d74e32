package dev.rr.plugin.amqp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library itself logs meanwhile. */
final class ClientLines extends Handler implements AutoCloseable {
  private static final Logger LIBRARY = Logger.getLogger("com.rabbitmq");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  ClientLines() {
    LIBRARY.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord entry) {
    lines.add(entry.getLoggerName() + ": " + entry.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LIBRARY.removeHandler(this);
  }
}
