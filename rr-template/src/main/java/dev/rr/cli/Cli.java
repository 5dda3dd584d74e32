package dev.rr.cli;

import dev.rr.kernel.Assembly;
import dev.rr.kernel.ErrorText;
import dev.rr.kernel.KernelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program: reads the command line and runs one command. Main thread. */
public final class Cli {
  private static final CommandSpec HELP =
      CommandSpec.of("help", "Help about any command").taking("[command]");
  private static final CommandSpec COMPLETION =
      CommandSpec.of("completion", "Print a completion script for bash").taking("[bash]");

  private final Assembly assembly;
  private final Program program;
  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final Map<String, CommandSpec> specs = new LinkedHashMap<>();

  private Cli(Assembly assembly, Program program) {
    this.assembly = assembly;
    this.program = program;
    specs.put(HELP.name(), HELP);
    specs.put(COMPLETION.name(), COMPLETION);
    own().forEach(this::add);
    PluginCommand.of(assembly.catalogue()).forEach(this::add);
  }

  /** Of two commands of one name the first stays, so a plugin takes none of rr's own. */
  private void add(Command command) {
    CommandSpec spec = command.spec();
    if (specs.putIfAbsent(spec.name(), spec) == null) {
      commands.put(spec.name(), command);
    }
  }

  /** The sub-commands that every binary has. */
  private static List<Command> own() {
    return List.of(
        new ServeCommand(),
        new PluginsCommand(),
        new GraphCommand(),
        new ConfigCommand(),
        new WorkersCommand(),
        new ResetCommand(),
        new StopCommand(),
        new AotCommand());
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
          Arguments.parse(program.name(), program.arguments(), GlobalOptions.FLAGS, specs));
    } catch (CliException e) {
      return fail(String.valueOf(e.getMessage()), e, false);
    }
  }

  private int dispatch(Arguments given) throws CliException {
    CommandSpec asked = given.command();
    if (asked == null && given.has("--version")) {
      program.out().println(VersionText.of(program.name(), assembly.build()));
      return 0;
    }
    if (asked == null || given.has("--help")) {
      return help(asked);
    }
    Command command = commands.get(asked.name());
    if (command != null) {
      return run(command, given);
    }
    if (asked.equals(COMPLETION)) {
      program.out().print(HelpText.completion(program.name(), specs.values(), GlobalOptions.FLAGS));
      return 0;
    }
    return help(given.positionals());
  }

  private int help(List<String> topics) throws CliException {
    CommandSpec about = topics.isEmpty() ? null : specs.get(topics.getFirst());
    if (about == null && !topics.isEmpty()) {
      throw new CliException("unknown help topic \"" + topics.getFirst() + '"');
    }
    return help(about);
  }

  private int help(@Nullable CommandSpec about) {
    program.out().print(HelpText.of(program.name(), about, specs.values(), GlobalOptions.FLAGS));
    return 0;
  }

  private int run(Command command, Arguments own) {
    GlobalOptions options = GlobalOptions.of(own);
    try {
      return command.run(new CommandContext(assembly, options, program), own);
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
    program.err().println(program.colour() ? "\u001b[1;91m" + message + "\u001b[0m" : message);
    if (trace && cause != null) {
      cause.printStackTrace(program.err());
    }
    return 1;
  }
}
