package dev.rr.plugin.logger;

import dev.rr.api.log.Log;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One named channel. Any thread; never throws. */
final class ChannelLog implements Log {
  private static final ThreadLocal<LineBuffer> BUFFER = ThreadLocal.withInitial(LineBuffer::new);

  private final String name;
  private final Level level;
  private final Route route;
  private final LogListeners listeners;

  ChannelLog(String name, Level level, Route route, LogListeners listeners) {
    this.name = name;
    this.level = level;
    this.route = route;
    this.listeners = listeners;
  }

  @Override
  public boolean enabled(Level wanted) {
    return wanted.compareTo(level) >= 0 && !route.isSilent();
  }

  @Override
  public void log(
      Level at, String message, @Nullable Throwable error, @Nullable Object... attributes) {
    if (!enabled(at)) {
      return;
    }
    boolean stack = error != null && level == Level.DEBUG;
    Record line = new Record(Instant.now(), at, name, message, error, stack, attributes);
    // A value's toString may log in its turn: that line needs a buffer of its own.
    LineBuffer own = BUFFER.get();
    LineBuffer buffer = own.acquire() ? own : new LineBuffer();
    try {
      route.write(line, buffer);
      listeners.show(line, buffer);
    } catch (RuntimeException | StackOverflowError e) {
      // An attribute that changes while it is written, for one. A log call must not fail its
      // caller.
      Object[] fault = {"log_fault", e.toString()};
      route.write(new Record(line.time(), at, name, message, null, false, fault), new LineBuffer());
    } finally {
      buffer.release();
    }
  }
}
