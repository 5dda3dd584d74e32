package dev.rr.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * @param colour whether standard error is a terminal that shows colours
 */
record Program(
    @Nullable Path file,
    List<String> arguments,
    Path directory,
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    boolean colour) {
  /** What the preamble tells: the file, and whether standard error is a terminal. */
  static final String FILE_PROPERTY = "rr.file";

  private static final String COLOUR_PROPERTY = "rr.colour";

  /** Moves the JVM's own use of SIGUSR2 elsewhere; nothing for worker processes. */
  static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

  static Program system(String... arguments) {
    Map<String, String> environment = new TreeMap<>(System.getenv());
    environment.remove(SUSPEND_SIGNAL);
    String file = System.getProperty(FILE_PROPERTY);
    return new Program(
        file == null ? null : Path.of(file).toAbsolutePath().normalize(),
        List.of(arguments),
        Path.of("").toAbsolutePath(),
        environment,
        System.out,
        System.err,
        Boolean.getBoolean(COLOUR_PROPERTY) && !environment.containsKey("NO_COLOR"));
  }

  /** The name the program goes by. */
  String name() {
    Path name = file == null ? null : file.getFileName();
    return name == null ? "rr" : name.toString();
  }
}
