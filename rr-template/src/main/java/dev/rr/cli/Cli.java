package dev.rr.cli;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.GlobalOptions;
import dev.rr.cli.command.Program;
import dev.rr.cli.command.VersionText;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.ErrorText;
import dev.rr.kernel.KernelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The program: reads the command line and runs one command. Main thread. */
public final class Cli {
  private final Assembly assembly;
  private final Program program;
  private final Commands commands;

  private Cli(Assembly assembly, Program program) {
    this.assembly = assembly;
    this.program = program;
    this.commands = new Commands(assembly.catalogue());
  }

  /**
   * Runs the program. Called by the generated main class, which exits with the result.
   *
   * @param arguments without the program's name
   * @return the exit code: 0 or 1
   */
  public static int run(Assembly assembly, String[] arguments) {
    return run(assembly, Program.system(arguments));
  }

  static int run(Assembly assembly, Program program) {
    int code = new Cli(assembly, program).run();
    program.out().flush();
    program.err().flush();
    return code;
  }

  private int run() {
    try {
      return dispatch(
          Arguments.parse(program.name(), program.arguments(), GlobalOptions.FLAGS, commands));
    } catch (CliException e) {
      return fail(String.valueOf(e.getMessage()), e, false);
    }
  }

  private int dispatch(Arguments given) {
    CommandSpec asked = given.command();
    if (asked == null && given.has("--version") && !given.has("--help")) {
      program.out().println(VersionText.of(program.name(), assembly.build()));
      if (given.has("--verbose")) {
        program.out().print(VersionText.madeOf());
      }
      return 0;
    }
    if (asked == null || given.has("--help")) {
      program.out().print(HelpText.of(program.name(), asked, commands));
      return 0;
    }
    return run(Objects.requireNonNull(commands.find(asked.name())), given);
  }

  private int run(Command command, Arguments own) {
    GlobalOptions options = GlobalOptions.of(own);
    try (CommandContext context = new CommandContext(assembly, options, program)) {
      return command.run(context, own);
    } catch (CliException | KernelException e) {
      return fail(String.valueOf(e.getMessage()), e, options.debug());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e, options.debug());
    } catch (Exception | LinkageError e) {
      return fail(ErrorText.text(e), e, options.debug());
    }
  }

  private int fail(String message, @Nullable Throwable cause, boolean trace) {
    program
        .err()
        .println(
            program.terminal().coloursErr() ? "\u001b[1;91m" + message + "\u001b[0m" : message);
    if (trace && cause != null) {
      cause.printStackTrace(program.err());
    }
    return 1;
  }
}
