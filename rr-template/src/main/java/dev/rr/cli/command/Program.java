package dev.rr.cli.command;

import dev.rr.os.Inherited;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this process was started, and where it prints. Immutable.
 *
 * @param file the packed file, or null when rr runs from classes
 * @param arguments the program's arguments
 * @param directory where it was started
 * @param environment the system's variables, without those of rr's own preamble
 * @param out standard output
 * @param err standard error
 * @param terminal who reads both and may answer
 */
public record Program(
    @Nullable Path file,
    List<String> arguments,
    Path directory,
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    Terminal terminal) {
  /** What the preamble tells: the file, and which of the streams are terminals. */
  private static final String FILE_PROPERTY = "rr.file";

  private static final String TERMINALS_PROPERTY = "rr.terminals";

  /** What {@code LC_ALL} was, or nothing, before the preamble set it for the JVM. */
  private static final String LOCALE = "_RR_LC_ALL";

  /** The variables that the preamble's shell drops, an entry a line. */
  private static final String DROPPED = "_RR_DROPPED";

  /** What stands for a line's end inside of such a variable. */
  private static final char LINE_END = '\u0001';

  /** Moves the JVM's own use of SIGUSR2 elsewhere; nothing for worker processes. */
  public static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

  /** This process. */
  public static Program system(String... arguments) {
    Map<String, String> environment = Inherited.environment();
    withoutPreamble(environment);
    String file = System.getProperty(FILE_PROPERTY);
    return new Program(
        file == null ? null : Path.of(file).toAbsolutePath().normalize(),
        Inherited.arguments(List.of(arguments)),
        Path.of("").toAbsolutePath(),
        environment,
        System.out,
        System.err,
        Terminal.of(System.getProperty(TERMINALS_PROPERTY, ""), environment));
  }

  /** The variables as they were before the preamble. */
  static void withoutPreamble(Map<String, String> environment) {
    environment.remove(SUSPEND_SIGNAL);
    String locale = environment.remove(LOCALE);
    if (locale != null) {
      environment.remove("LC_ALL");
      if (!locale.isEmpty()) {
        environment.put("LC_ALL", locale);
      }
    }
    String dropped = environment.remove(DROPPED);
    for (String entry : dropped == null ? new String[0] : dropped.split("\n")) {
      int equals = entry.indexOf('=', 1);
      if (equals > 0) {
        String value = entry.substring(equals + 1).replace(LINE_END, '\n');
        environment.putIfAbsent(entry.substring(0, equals), value);
      }
    }
  }

  /** The name the program goes by. */
  public String name() {
    Path name = file == null ? null : file.getFileName();
    return name == null ? "rr" : name.toString();
  }
}
