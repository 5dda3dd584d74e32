package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Routes what Java libraries log through {@code java.util.logging} into channels. */
final class LibraryLogs extends Handler {
  /** Beginnings of logger names; the longest that fits wins. */
  private static final Map<String, String> CHANNELS =
      Map.of(
          "io.netty", "http",
          "io.undertow", "undertow",
          "org.xnio", "undertow",
          "org.jboss", "undertow",
          "io.grpc", "grpc",
          "io.opentelemetry", "otel");

  private static final String OTHERS = "java";
  private static final Logger ROOT = Logger.getLogger("");

  private final Loggers loggers;
  private final Map<String, String> channels;
  private final SimpleFormatter formatter = new SimpleFormatter();
  private Handler[] replaced = {};
  private @Nullable Level before;

  /** A handler that is not installed yet. */
  LibraryLogs(Loggers loggers, Map<String, String> mapping, Log.Level threshold) {
    this.loggers = loggers;
    this.channels = new HashMap<>(CHANNELS);
    this.channels.putAll(mapping);
    setLevel(
        switch (threshold) {
          case DEBUG -> Level.ALL;
          case INFO -> Level.INFO;
          case WARN -> Level.WARNING;
          case ERROR -> Level.SEVERE;
        });
  }

  void install() {
    replaced = ROOT.getHandlers();
    before = ROOT.getLevel();
    for (Handler handler : replaced) {
      ROOT.removeHandler(handler);
    }
    ROOT.addHandler(this);
    ROOT.setLevel(getLevel());
  }

  void uninstall() {
    ROOT.removeHandler(this);
    for (Handler handler : replaced) {
      ROOT.addHandler(handler);
    }
    ROOT.setLevel(before);
  }

  @Override
  public void publish(LogRecord line) {
    if (!isLoggable(line)) {
      return;
    }
    String logger = line.getLoggerName() == null ? "" : line.getLoggerName();
    loggers
        .named(channel(logger))
        .log(
            level(line.getLevel()),
            formatter.formatMessage(line),
            line.getThrown(),
            "library",
            logger);
  }

  private String channel(String logger) {
    String best = "";
    for (String prefix : channels.keySet()) {
      if (prefix.length() > best.length()
          && logger.startsWith(prefix)
          && (logger.length() == prefix.length() || logger.charAt(prefix.length()) == '.')) {
        best = prefix;
      }
    }
    return channels.getOrDefault(best, OTHERS);
  }

  private static Log.Level level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return Log.Level.ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return Log.Level.WARN;
    }
    return value >= Level.INFO.intValue() ? Log.Level.INFO : Log.Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
