package dev.rr.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The flags that every command takes, before or after its name. Immutable.
 *
 * @param config {@code -c}
 * @param workDir {@code -w}; empty when not given
 * @param dotenv {@code --dotenv}; empty when not given
 * @param overrides {@code -o}, in the order given
 * @param debug {@code -d}: stack traces behind errors
 * @param silent {@code -s}: none of the command line's own lines
 * @param pid {@code -p}: write {@code .pid}
 * @param force {@code -f}: a second signal, for {@code stop}
 * @param experimental {@code -e}: accepted; nothing depends on it
 * @param interactive {@code -i}: for {@code workers}
 * @param strict {@code --strict}: warnings about the configuration are errors
 */
public record GlobalOptions(
    String config,
    String workDir,
    String dotenv,
    List<String> overrides,
    boolean debug,
    boolean silent,
    boolean pid,
    boolean force,
    boolean experimental,
    boolean interactive,
    boolean strict) {
  static final String DEFAULT_CONFIG = ".rr.yaml";

  public GlobalOptions {
    overrides = List.copyOf(overrides);
  }

  static void define(CommandSpec root) {
    root.addOption(
        value("path to the configuration file (default \".rr.yaml\")", "-c", "--config"));
    root.addOption(value("go to this directory first", "-w", "--WorkDir"));
    root.addOption(value("dotenv file", "--dotenv"));
    root.addOption(
        OptionSpec.builder("-o", "--override")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel("key=value")
            .description("override a configuration value; repeatable")
            .scopeType(ScopeType.INHERIT)
            .build());
    root.addOption(flag("show the stack traces behind errors", "-d", "--debug"));
    root.addOption(flag("print none of rr's own lines", "-s", "--silent"));
    root.addOption(flag("write the process id to .pid", "-p", "--pid"));
    root.addOption(flag("force the stop", "-f", "--force"));
    root.addOption(flag("accepted; nothing depends on it", "-e", "--enable-experimental"));
    root.addOption(flag("redraw every second", "-i", "--interactive"));
    root.addOption(flag("unknown configuration keys are errors", "--strict"));
  }

  private static OptionSpec value(String help, String... names) {
    return OptionSpec.builder(names[0], names)
        .type(String.class)
        .arity("1")
        .paramLabel("string")
        .description(help)
        .scopeType(ScopeType.INHERIT)
        .build();
  }

  private static OptionSpec flag(String help, String... names) {
    return OptionSpec.builder(names[0], names)
        .type(boolean.class)
        .arity("0")
        .description(help)
        .scopeType(ScopeType.INHERIT)
        .build();
  }

  static GlobalOptions of(ParseResult root) {
    return new GlobalOptions(
        last(root, "-c", DEFAULT_CONFIG),
        last(root, "-w", ""),
        last(root, "--dotenv", ""),
        all(root, "-o"),
        given(root, "-d"),
        given(root, "-s"),
        given(root, "-p"),
        given(root, "-f"),
        given(root, "-e"),
        given(root, "-i"),
        given(root, "--strict"));
  }

  private static boolean given(ParseResult root, String name) {
    return levels(root).stream().anyMatch(r -> r.hasMatchedOption(name));
  }

  private static String last(ParseResult root, String name, String fallback) {
    List<String> values = all(root, name);
    return values.isEmpty() ? fallback : values.getLast();
  }

  private static List<String> all(ParseResult root, String name) {
    List<String> values = new ArrayList<>();
    for (ParseResult level : levels(root)) {
      ArgSpec option = level.matchedOption(name);
      if (option != null) {
        values.addAll(option.stringValues());
      }
    }
    return values;
  }

  static List<ParseResult> levels(ParseResult root) {
    List<ParseResult> levels = new ArrayList<>();
    for (ParseResult at = root; at != null; at = at.subcommand()) {
      levels.add(at);
    }
    return levels;
  }
}
