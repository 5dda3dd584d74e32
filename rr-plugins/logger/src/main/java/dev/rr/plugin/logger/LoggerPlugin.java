package dev.rr.plugin.logger;

import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.log.Log;
import dev.rr.api.log.LogTail;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Offers log channels. Usable from its construction on; lines gather in buffers once it is started.
 */
@Plugin(value = "logger", weight = 900)
final class LoggerPlugin implements Loggers, Lifecycle {
  /** A channel that cannot be made must not grow the map without end. */
  private static final int MAX_CHANNELS = 10_000;

  private final Outputs outputs;
  private final Channel root;
  private final Map<String, Channel> channels = new HashMap<>();
  private final Map<String, Log> logs = new ConcurrentHashMap<>();
  private final LogListeners listeners = new LogListeners();
  private final LibraryLogs libraries;
  private boolean installed;

  /** What a channel was configured to be. */
  private record Channel(Log.Level level, Route route) {}

  LoggerPlugin(LoggerConfig config, Host host) {
    boolean plain = !host.environment().getOrDefault("NO_COLOR", "").isEmpty();
    this.outputs =
        new Outputs(
            host.workDirectory(),
            host.temporaryDirectory(),
            plain,
            text -> System.err.println(text));
    this.root = channel(config.root());
    config.channels().forEach((name, c) -> channels.put(name.toLowerCase(Locale.ROOT), channel(c)));
    this.libraries = new LibraryLogs(this, config.libraries(), config.libraryLevel().level());
  }

  private Channel channel(ChannelConfig config) {
    return new Channel(config.level().level(), outputs.route(config));
  }

  /** Whoever wants to see lines beside the outputs. */
  @Offers
  LogTail tail() {
    return listeners;
  }

  @Override
  public Log named(String name) {
    Log known = logs.get(name);
    if (known != null) {
      return known;
    }
    Channel channel = channels.getOrDefault(name.toLowerCase(Locale.ROOT), root);
    Log made = new ChannelLog(name, channel.level(), channel.route(), listeners);
    return logs.size() >= MAX_CHANNELS ? made : logs.computeIfAbsent(name, n -> made);
  }

  @Override
  public void start() throws IOException {
    Map<Sink, String> failed = new HashMap<>();
    for (Sink sink : outputs.sinks()) {
      try {
        sink.start();
      } catch (IOException e) {
        failed.put(sink, LogValues.message(e));
      }
    }
    String cause = cause(root.route(), failed);
    if (cause != null) {
      stopSinks(Deadline.after(Duration.ofSeconds(1)));
      throw new IOException("logs: " + cause);
    }
    libraries.install();
    installed = true;
    for (Map.Entry<String, Channel> entry : channels.entrySet()) {
      String reason = cause(entry.getValue().route(), failed);
      if (reason != null) {
        entry.getValue().route().become(root.route());
        named("logs")
            .error(
                "the channel goes to the root's output, its own cannot be opened",
                "channel",
                entry.getKey(),
                "error",
                reason);
      }
    }
  }

  private static @Nullable String cause(Route route, Map<Sink, String> failed) {
    for (Route.Output output : route.outputs()) {
      String reason = failed.get(output.sink());
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  @Override
  public void stop(Deadline deadline) {
    if (installed) {
      libraries.uninstall();
      installed = false;
    }
    stopSinks(deadline);
  }

  private void stopSinks(Deadline deadline) {
    Set<String> unfinished = new HashSet<>();
    for (Sink sink : outputs.sinks()) {
      try {
        sink.stop(deadline);
      } catch (IOException e) {
        unfinished.add(sink.name() + ": " + LogValues.message(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (LogArchive archive : outputs.archives()) {
      try {
        archive.await(deadline.remaining());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    unfinished.forEach(text -> System.err.println("log " + text));
  }
}
