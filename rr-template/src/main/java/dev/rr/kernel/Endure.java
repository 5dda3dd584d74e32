package dev.rr.kernel;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Schema.Field;
import dev.rr.api.config.Schema.Type;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The section {@code endure}: the server itself. Named after upstream's container.
 *
 * @param gracePeriod how long the whole server may take to stop
 * @param logLevel in lower case, as upstream spells it
 * @param watchdog how often systemd is told that the server lives; zero for never
 * @param printGraph whether {@code serve} prints the plugins' graph
 * @param problems what could not be decoded
 */
public record Endure(
    Duration gracePeriod,
    String logLevel,
    Duration watchdog,
    boolean printGraph,
    List<Problem> problems) {
  static final Endure DEFAULT =
      new Endure(KernelHost.DEFAULT_GRACE, "error", Duration.ZERO, false, List.of());

  static final Schema SCHEMA =
      new Schema(
          "endure",
          List.of(
              field("grace_period", Type.DURATION, "30s", "How long the server may take to stop."),
              field("log_level", Type.STRING, "error", "The level of the server's own messages."),
              field("watchdog_sec", Type.INTEGER, "0", "Seconds between two signs of life."),
              field("print_graph", Type.BOOLEAN, "false", "Print the graph of plugins."),
              field("retry_on_fail", Type.BOOLEAN, "false", "Accepted and ignored.")));

  private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "warning", "error");
  private static final long MAX_WATCHDOG = 86_400;

  private static Field field(String name, Type type, String fallback, String doc) {
    return new Field(name, type, fallback, false, false, List.of(), doc, null);
  }

  static Endure read(Configurer configurer) {
    Problems problems = new Problems();
    Section section = configurer.section("endure", problems);
    Duration grace = section.duration("grace_period", DEFAULT.gracePeriod);
    String level = section.string("log_level", DEFAULT.logLevel).toLowerCase(Locale.ROOT);
    long watchdog = section.integer("watchdog_sec", 0, 0, MAX_WATCHDOG);
    boolean graph = section.bool("print_graph", false);
    return new Endure(grace, level, Duration.ofSeconds(watchdog), graph, problems.found());
  }

  /** What upstream says about a level that does not exist; empty for one that does. */
  public String levelWarning() {
    return LEVELS.contains(logLevel)
        ? ""
        : "Failed to parse log level, using default (error): unknown log level \""
            + logLevel
            + "\" (allowed: debug, info, warn, error)";
  }
}
