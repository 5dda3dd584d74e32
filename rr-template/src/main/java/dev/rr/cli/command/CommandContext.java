package dev.rr.cli.command;

import dev.rr.kernel.Assembly;
import dev.rr.kernel.HostSettings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a command works with. Main thread. */
public final class CommandContext {
  private final Assembly assembly;
  private final GlobalOptions options;
  private final Program program;

  public CommandContext(Assembly assembly, GlobalOptions options, Program program) {
    this.assembly = assembly;
    this.options = options;
    this.program = program;
  }

  /** The selection of plugins in this binary. */
  public Assembly assembly() {
    return assembly;
  }

  /** The global flags. */
  public GlobalOptions options() {
    return options;
  }

  /** Standard output: what was asked for. */
  public PrintStream out() {
    return program.out();
  }

  /** Standard error. */
  public PrintStream err() {
    return program.err();
  }

  /** Who reads what is printed. */
  public Terminal terminal() {
    return program.terminal();
  }

  /** The name the program goes by, for messages that say what to type. */
  public String program() {
    return program.name();
  }

  /** The packed file this runs from; empty when it runs from classes. */
  public Optional<Path> file() {
    return Optional.ofNullable(program.file());
  }

  /** The whole command line, without the program's name. */
  public List<String> arguments() {
    return program.arguments();
  }

  /** The system's environment, without the dotenv file. */
  public Map<String, String> systemEnvironment() {
    return program.environment();
  }

  /** Prints one of rr's own lines, unless {@code -s} was given. */
  public void say(String line) {
    if (!options.silent()) {
      out().println(line);
      out().flush();
    }
  }

  /**
   * Finds the configuration file and the work directory, and reads the dotenv file, in upstream's
   * order.
   *
   * @throws CliException when one of them is not there
   */
  public HostSettings settings() throws CliException {
    if (options.config().isEmpty()) {
      throw new CliException("no configuration file provided");
    }
    Path base = program.directory();
    if (!options.workDir().isEmpty()) {
      base = base.resolve(options.workDir()).normalize();
      if (!Files.isDirectory(base)) {
        throw new CliException("chdir " + base + ": no such directory");
      }
    }
    Path config = base.resolve(options.config()).normalize();
    Path parent = config.getParent();
    Path work = options.workDir().isEmpty() && parent != null ? parent : base;
    return new HostSettings(config, work, environment(work), options.overrides(), options.strict());
  }

  private Map<String, String> environment(Path work) throws CliException {
    Map<String, String> environment = program.environment();
    String dotenv = environment.getOrDefault("DOTENV_PATH", options.dotenv());
    return dotenv.isEmpty() ? environment : DotEnvFile.under(environment, work.resolve(dotenv));
  }
}
