package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Loggers are called after classes; those beyond share one. */
  private static final int MOST_QUOTAS = 1_000;

  private static final Logger ROOT = Logger.getLogger("");

  private final Loggers loggers;
  private final Map<String, String> channels;
  private final Map<String, LineQuota> quotas = new ConcurrentHashMap<>();
  private final LineQuota others = new LineQuota();
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
    long leftOut = quota(logger).take();
    if (leftOut == LineQuota.NONE) {
      return;
    }
    loggers
        .named(channel(logger))
        .log(
            level(line.getLevel()),
            formatter.formatMessage(line),
            line.getThrown(),
            leftOut == 0
                ? new Object[] {"library", logger}
                : new Object[] {"library", logger, "left_out", leftOut});
  }

  private LineQuota quota(String logger) {
    LineQuota own = quotas.get(logger);
    if (own != null || quotas.size() >= MOST_QUOTAS) {
      return own == null ? others : own;
    }
    return quotas.computeIfAbsent(logger, name -> new LineQuota());
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
