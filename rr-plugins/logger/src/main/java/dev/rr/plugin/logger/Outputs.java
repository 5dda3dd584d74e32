package dev.rr.plugin.logger;

import dev.rr.plugin.logger.Route.Output;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes routes from configuration; channels that name the same output share its sink. One thread.
 */
final class Outputs {
  private final Path workDirectory;
  private final Path temporary;
  private final boolean plain;
  private final Sink.Complaints complaints;
  private final Map<String, Sink> sinks = new LinkedHashMap<>();
  private final List<LogArchive> archives = new ArrayList<>();

  /**
   * No output yet.
   *
   * @param temporary where a rotated file without a name goes
   * @param plain whether colours are not wanted even on a terminal
   */
  Outputs(Path workDirectory, Path temporary, boolean plain, Sink.Complaints complaints) {
    this.workDirectory = workDirectory;
    this.temporary = temporary;
    this.plain = plain;
    this.complaints = complaints;
  }

  List<Sink> sinks() {
    return List.copyOf(sinks.values());
  }

  List<LogArchive> archives() {
    return archives;
  }

  Route route(ChannelConfig config) {
    if (config.mode().silent()) {
      return new Route(List.of());
    }
    if (config.fileLoggerOptions().isPresent()) {
      Sink sink = rotating(config.fileLoggerOptions().get());
      return new Route(List.of(output(sink, new JsonEncoder("\n"))));
    }
    LineEncoder shared = encoder(config, false);
    List<Output> outputs = new ArrayList<>();
    for (String name : config.output()) {
      String word = name.strip().toLowerCase(Locale.ROOT);
      LineEncoder encoder = colours(config, word) ? encoder(config, true) : shared;
      outputs.add(output(sink(word, name.strip()), encoder));
    }
    return new Route(outputs);
  }

  private static Output output(Sink sink, LineEncoder encoder) {
    sink.notices(encoder);
    return new Output(sink, encoder);
  }

  private Sink sink(String word, String name) {
    return switch (word) {
      case "stderr" -> stream(word, FileDescriptor.err);
      case "stdout" -> stream(word, FileDescriptor.out);
      default -> {
        Path path = path(name);
        yield sinks.computeIfAbsent(
            path.toString(), key -> new Sink(key, new FileTarget(path), complaints));
      }
    };
  }

  private Sink stream(String word, FileDescriptor descriptor) {
    return sinks.computeIfAbsent(
        word, key -> new Sink(key, new StreamTarget(descriptor), complaints));
  }

  private Path path(String name) {
    String plainName = name.startsWith("file://") ? name.substring("file://".length()) : name;
    return workDirectory.resolve(plainName).normalize();
  }

  private Sink rotating(RotationConfig config) {
    String name =
        config.logOutput().isEmpty()
            ? temporary.resolve("rr-lumberjack.log").toString()
            : config.logOutput();
    Path path = path(name);
    return sinks.computeIfAbsent(
        path.toString(),
        key -> {
          LogArchive archive =
              new LogArchive(
                  path,
                  Duration.ofDays(config.maxAge()),
                  config.maxBackups(),
                  config.compress(),
                  Clock.systemUTC(),
                  complaints::say);
          archives.add(archive);
          long limit = (long) config.maxSize() << 20;
          return new Sink(
              key, new RotatingTarget(path, limit, Clock.systemUTC(), archive), complaints);
        });
  }

  private static LineEncoder encoder(ChannelConfig config, boolean colours) {
    String ending = config.lineEnding().isEmpty() ? "\n" : config.lineEnding();
    if (!config.format().isEmpty()) {
      return new FormatEncoder(
          config.format(),
          config.timeFormat(),
          config.skipLineEnding() ? "" : ending,
          ZoneId.systemDefault());
    }
    return switch (config.mode()) {
      case RAW -> new RawEncoder(ending);
      case PRODUCTION ->
          config.encoding() == Encoding.CONSOLE
              ? new ConsoleEncoder(ending, colours)
              : new JsonEncoder(ending);
      default ->
          config.encoding() == Encoding.JSON
              ? new JsonEncoder(ending)
              : new ConsoleEncoder(ending, colours);
    };
  }

  private boolean colours(ChannelConfig config, String word) {
    return !plain
        && config.mode() == Mode.DEVELOPMENT
        && (word.equals("stderr") && isTerminal(2) || word.equals("stdout") && isTerminal(1));
  }

  /**
   * Whether a descriptor of this process is a terminal; the JDK answers only for both streams at
   * once.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
