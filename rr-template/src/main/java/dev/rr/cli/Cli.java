package dev.rr.cli;

import dev.rr.cli.rpc.ResetCommand;
import dev.rr.cli.rpc.WorkersCommand;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.Faults;
import dev.rr.kernel.KernelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: reads the command line and runs one command. Main thread. */
public final class Cli {
  private final Assembly assembly;
  private final Program program;
  private final Map<String, Command> commands = new LinkedHashMap<>();

  private Cli(Assembly assembly, Program program) {
    this.assembly = assembly;
    this.program = program;
    for (Command command : commands()) {
      commands.put(command.spec().name(), command);
    }
  }

  /** Every sub-command. Commands of other packages are added here. */
  private static List<Command> commands() {
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
    CommandLine line = commandLine();
    try {
      ParseResult root = line.parseArgs(program.arguments().toArray(String[]::new));
      return dispatch(line, root);
    } catch (ParameterException e) {
      return fail(wording(e), e, false);
    }
  }

  private CommandLine commandLine() {
    CommandSpec root = CommandSpec.create().name(program.name());
    root.usageMessage().description("An application server for PHP, made of plugins");
    GlobalOptions.define(root);
    root.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .arity("0")
            .usageHelp(true)
            .description("help for a command")
            .scopeType(ScopeType.INHERIT)
            .build());
    root.addOption(
        OptionSpec.builder("-v", "--version")
            .type(boolean.class)
            .arity("0")
            .versionHelp(true)
            .description("print the version")
            .build());
    commands.forEach((name, command) -> root.addSubcommand(name, new CommandLine(command.spec())));
    root.addSubcommand("help", new CommandLine(simple("help", "Help about any command")));
    root.addSubcommand(
        "completion", new CommandLine(simple("completion", "Print a completion script for bash")));
    return new CommandLine(root)
        .setExpandAtFiles(false)
        .setInterpolateVariables(false)
        .setOverwrittenOptionsAllowed(true);
  }

  private static CommandSpec simple(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description);
    spec.addPositional(
        CommandLine.Model.PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("command")
            .build());
    return spec;
  }

  private int dispatch(CommandLine line, ParseResult root) {
    ParseResult own = GlobalOptions.levels(root).getLast();
    String name = own.commandSpec().name();
    if (root.isVersionHelpRequested()) {
      program.out().println(VersionText.of(program.name(), assembly.build()));
      return 0;
    }
    if (own == root || own.isUsageHelpRequested() || root.isUsageHelpRequested()) {
      program.out().print(HelpText.of(own.commandSpec()));
      return 0;
    }
    Command command = commands.get(name);
    if (command != null) {
      return run(command, root, own);
    }
    return name.equals("completion") ? completion(line) : help(line, own);
  }

  private int completion(CommandLine line) {
    program.out().print(AutoComplete.bash(program.name(), line));
    return 0;
  }

  private int help(CommandLine line, ParseResult own) {
    List<String> asked = own.matchedPositionalValue(0, List.of());
    CommandLine about = asked.isEmpty() ? line : line.getSubcommands().get(asked.getFirst());
    if (about == null) {
      return fail("unknown help topic \"" + asked.getFirst() + '"', null, false);
    }
    program.out().print(HelpText.of(about.getCommandSpec()));
    return 0;
  }

  private int run(Command command, ParseResult root, ParseResult own) {
    GlobalOptions options = GlobalOptions.of(root);
    try {
      return command.run(new Context(assembly, options, program), own);
    } catch (CliException | KernelException e) {
      return fail(String.valueOf(e.getMessage()), e, options.debug());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e, options.debug());
    } catch (Exception | LinkageError e) {
      return fail(Faults.text(e), e, options.debug());
    }
  }

  private int fail(
      String message, @org.jspecify.annotations.Nullable Throwable cause, boolean trace) {
    program.err().println(program.colour() ? "\u001b[1;91m" + message + "\u001b[0m" : message);
    if (trace && cause != null) {
      cause.printStackTrace(program.err());
    }
    return 1;
  }

  /** Says what is wrong with the arguments in upstream's words. */
  private String wording(ParameterException fault) {
    CommandSpec spec = fault.getCommandLine().getCommandSpec();
    return switch (fault) {
      case UnmatchedArgumentException e -> unmatched(e, spec);
      case MissingParameterException e when e.getMissing().getFirst() instanceof OptionSpec o ->
          "flag needs an argument: " + o.longestName();
      default -> String.valueOf(fault.getMessage());
    };
  }

  private String unmatched(UnmatchedArgumentException fault, CommandSpec spec) {
    String found = fault.getUnmatched().getFirst();
    if (found.startsWith("--")) {
      return "unknown flag: " + found.replaceFirst("=.*", "");
    }
    if (found.startsWith("-") && found.length() > 1) {
      return "unknown shorthand flag: '" + found.charAt(1) + "' in " + found;
    }
    String text = "unknown command \"" + found + "\" for \"" + spec.qualifiedName() + '"';
    List<String> near = spec.parent() == null ? fault.getSuggestions() : List.of();
    return near.isEmpty() ? text : text + "\n\nDid you mean this?\n\t" + String.join("\n\t", near);
  }
}
