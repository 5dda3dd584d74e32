package dev.rr.cli.serve;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends SIGTERM to the server that wrote {@code .pid}; a second one after a second with {@code -f}.
 */
public final class StopCommand implements Command {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");
  private static final Duration BEFORE_FORCE = Duration.ofSeconds(1);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("stop", "Stop the server that wrote .pid");
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    long pid = read(context.startDirectory().resolve(PidFile.NAME));
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      throw new CliException("there is no process " + pid + ", the one that .pid names");
    }
    refuseStranger(process.get(), context);
    if (!context.options().silent()) {
      context
          .err()
          .println(LocalDateTime.now().format(STAMP) + " stopping process with PID: " + pid);
    }
    if (!process.get().destroy()) {
      throw new CliException("the process " + pid + " cannot be signalled");
    }
    if (context.options().force()) {
      force(process.get());
    }
    return 0;
  }

  /** The file stays when a server has ended, and its number may be somebody else's by now. */
  private static void refuseStranger(ProcessHandle process, CommandContext context)
      throws CliException {
    Optional<String> program = program(process);
    boolean stranger =
        program.isPresent()
            && !program.equals(program(ProcessHandle.current()))
            && !program.equals(context.file().map(file -> file.getFileName().toString()));
    if (stranger) {
      throw new CliException(
          "the process %d, which .pid names, is no server but %s: the file is left of one that has ended, remove it"
              .formatted(process.pid(), program.get()));
    }
  }

  private static Optional<String> program(ProcessHandle process) {
    return process.info().command().map(file -> Path.of(file).getFileName().toString());
  }

  private static void force(ProcessHandle process) throws Exception {
    try {
      process.onExit().get(BEFORE_FORCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroy();
    }
  }

  private static long read(Path file) throws CliException {
    try {
      String text = Files.readString(file);
      if (!text.matches("[0-9]{1,18}")) {
        throw new CliException(file + " does not hold a process id: \"" + text.strip() + '"');
      }
      return Long.parseLong(text);
    } catch (NoSuchFileException e) {
      throw new CliException(
          "open .pid: no such file or directory, to create a .pid file, you must run RR with the"
              + " following options: './rr serve -p'");
    } catch (IOException e) {
      throw new CliException("open .pid: " + e.getMessage());
    }
  }
}
