package dev.rr.build.run;

import dev.rr.build.Coordinates;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The module of a plugin's author.
 *
 * @param sources folders of Java sources
 * @param resources folders whose files go beside the classes
 * @param classPath what it is compiled against
 * @param processors the processor path; rr-processor and Dagger are on it
 * @param options of the compiler, without paths
 */
public record DevModule(
    Coordinates coordinates,
    List<Path> sources,
    List<Path> resources,
    List<Path> classPath,
    List<Path> processors,
    List<String> options) {
  /** Holds copies of the lists. */
  public DevModule {
    sources = List.copyOf(sources);
    resources = List.copyOf(resources);
    classPath = List.copyOf(classPath);
    processors = List.copyOf(processors);
    options = List.copyOf(options);
  }

  /** All folders whose files make a difference. */
  List<Path> watched() {
    return Stream.concat(sources.stream(), resources.stream()).toList();
  }
}
