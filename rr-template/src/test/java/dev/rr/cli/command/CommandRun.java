package dev.rr.cli.command;

import dev.rr.kernel.Assembly;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one command in a folder and keeps what it prints. One thread. */
public final class CommandRun {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new TreeMap<>();
  private final Assembly assembly;
  private final Path folder;
  private Terminal terminal = Terminal.NONE;

  /** A run of a binary with these plugins. */
  public CommandRun(Assembly assembly, Path folder) {
    this.assembly = assembly;
    this.folder = folder;
  }

  /** The same, read by somebody. */
  public CommandRun at(Terminal reader) {
    terminal = reader;
    return this;
  }

  /** The same with a variable. */
  public CommandRun with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** What a command works with. */
  public CommandContext context(Command command, String... flags) throws CliException {
    return context(GlobalOptions.of(parse(command, flags)), flags);
  }

  private CommandContext context(GlobalOptions options, String... line) {
    Program program =
        new Program(
            null,
            List.of(line),
            folder,
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal);
    return new CommandContext(assembly, options, program);
  }

  /** Runs it with what follows its name; the exit code. */
  public int run(Command command, String... line) throws Exception {
    Arguments given = parse(command, line);
    return command.run(context(GlobalOptions.of(given), line), given);
  }

  private static Arguments parse(Command command, String... line) throws CliException {
    CommandSpec spec = command.spec();
    List<String> whole = new ArrayList<>(List.of(spec.name()));
    whole.addAll(List.of(line));
    return Arguments.parse(
        "rr",
        whole,
        GlobalOptions.FLAGS,
        new Arguments.Commands() {
          @Override
          public List<String> names() {
            return List.of(spec.name());
          }

          @Override
          public CommandSpec spec(String name) {
            return spec;
          }
        });
  }

  /** What went to standard output. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What went to standard error. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
