package dev.rr.build.run;

import dev.rr.build.Versions;
import java.nio.file.Path;
import java.util.List;

/**
 * With what a module is run.
 *
 * @param folder where the server runs
 * @param work a folder that is emptied
 * @param jdk the home of the JDK 25 that compiles and runs
 * @param version what the server tells as its own
 * @param processors Dagger's compiler and what it needs
 * @param watched files besides the module's own that make a difference, as the configuration
 * @param arguments of the server's command line
 */
public record DevSettings(
    Path folder,
    Path work,
    Path jdk,
    Versions versions,
    String version,
    List<Path> processors,
    List<Path> watched,
    List<String> arguments) {
  /** Holds copies of the lists. */
  public DevSettings {
    processors = List.copyOf(processors);
    watched = List.copyOf(watched);
    arguments = List.copyOf(arguments);
  }
}
