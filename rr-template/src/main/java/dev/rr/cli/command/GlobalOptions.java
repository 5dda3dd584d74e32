package dev.rr.cli.command;

import java.util.List;

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
    boolean strict) {
  /** The configuration file that is read when none is named. */
  public static final String DEFAULT_CONFIG = ".rr.yaml";

  public GlobalOptions {
    overrides = List.copyOf(overrides);
  }

  /** The flags themselves. */
  public static final List<Flag> FLAGS =
      List.of(
          Flag.value(Flag.FILE, "the configuration file (default \".rr.yaml\")", "-c", "--config"),
          Flag.value(Flag.DIRECTORY, "go to this directory first", "-w", "--WorkDir"),
          Flag.value(Flag.FILE, "dotenv file [$DOTENV_PATH]", "--dotenv"),
          Flag.value("key=value", "override a configuration value; repeatable", "-o", "--override"),
          Flag.bool("show the stack traces behind errors", "-d", "--debug"),
          Flag.bool("print none of rr's own lines", "-s", "--silent"),
          Flag.bool("serve: write the process id to .pid", "-p", "--pid"),
          Flag.bool("stop: a second signal after a second", "-f", "--force"),
          Flag.bool("accepted; nothing depends on it", "-e", "--enable-experimental"),
          Flag.bool("unknown configuration keys are errors", "--strict"),
          Flag.bool("help for a command", "-h", "--help"),
          Flag.bool("print the version", "-v", "--version"),
          Flag.bool("with --version: all that the file is made of, as JSON", "--verbose"));

  /** What was given of them. */
  public static GlobalOptions of(Arguments given) {
    return new GlobalOptions(
        given.last("--config", DEFAULT_CONFIG),
        given.last("--WorkDir", ""),
        given.last("--dotenv", ""),
        given.all("--override"),
        given.has("--debug"),
        given.has("--silent"),
        given.has("--pid"),
        given.has("--force"),
        given.has("--enable-experimental"),
        given.has("--strict"));
  }
}
