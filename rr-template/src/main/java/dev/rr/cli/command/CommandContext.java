package dev.rr.cli.command;

import dev.rr.embed.EmbeddedApplication;
import dev.rr.embed.UnpackedApplication;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.ErrorText;
import dev.rr.kernel.HostSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a command works with, until it is closed. Main thread. */
public final class CommandContext implements AutoCloseable {
  private final Assembly assembly;
  private final GlobalOptions options;
  private final Program program;
  private @Nullable UnpackedApplication application;

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
   * order. Where an application is in the file, its folder is the work directory, and its
   * configuration the one that is read where there is no other.
   *
   * @throws CliException when one of them is not there
   */
  public HostSettings settings() throws CliException {
    Path config = config();
    Path work = startDirectory();
    Optional<Path> embedded = application();
    if (embedded.isPresent()) {
      if (options.config().equals(GlobalOptions.DEFAULT_CONFIG) && !Files.exists(config)) {
        config = embedded.get().resolve(GlobalOptions.DEFAULT_CONFIG);
      }
      if (options.workDir().isEmpty()) {
        work = embedded.get();
      }
    }
    return new HostSettings(config, work, environment(work), options.overrides(), options.strict());
  }

  /**
   * What would be the work directory if no application were in the file: {@code -w}, else the
   * folder of the configuration, which is the one that this was started in unless {@code -c} names
   * another. Servers of one file that are started in several folders are told apart by it.
   *
   * @throws CliException when it is not there
   */
  public Path startDirectory() throws CliException {
    Path parent = config().getParent();
    return parent == null || !options.workDir().isEmpty() ? base() : parent;
  }

  /**
   * Notes that the application in the file is still used, so that other starts leave it where it
   * is; for commands that run for long, now and then. Does nothing where none is unpacked.
   */
  public void touchApplication() {
    if (application != null) {
      application.touch();
    }
  }

  private Path base() throws CliException {
    Path base = program.directory().resolve(options.workDir()).normalize();
    if (!options.workDir().isEmpty() && !Files.isDirectory(base)) {
      throw new CliException("chdir " + base + ": no such directory");
    }
    return base;
  }

  /** Where the configuration is looked for first. */
  private Path config() throws CliException {
    if (options.config().isEmpty()) {
      throw new CliException("no configuration file provided");
    }
    return base().resolve(options.config()).normalize();
  }

  /** The folder of the application that is in the file, unpacked; empty when none is. */
  private Optional<Path> application() throws CliException {
    if (application == null) {
      Path place = EmbeddedApplication.base(program.environment());
      try {
        Optional<EmbeddedApplication> found =
            EmbeddedApplication.find(assembly.getClass().getClassLoader());
        application = found.isEmpty() ? null : found.get().use(place, file());
      } catch (IOException e) {
        throw new CliException(
            "the application in this file cannot be unpacked in %s: %s; %s names another folder"
                .formatted(place, ErrorText.text(e), EmbeddedApplication.VARIABLE));
      }
    }
    return Optional.ofNullable(application).map(UnpackedApplication::folder);
  }

  private Map<String, String> environment(Path work) throws CliException {
    Map<String, String> environment = program.environment();
    String dotenv = environment.getOrDefault("DOTENV_PATH", options.dotenv());
    return dotenv.isEmpty() ? environment : DotEnvFile.under(environment, work.resolve(dotenv));
  }

  /** Ends the use of the application. */
  @Override
  public void close() throws IOException {
    if (application != null) {
      application.close();
    }
  }
}
