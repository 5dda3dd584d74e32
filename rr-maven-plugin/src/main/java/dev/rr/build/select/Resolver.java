package dev.rr.build.select;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds artifacts. */
public interface Resolver {
  /** The catalogue of rr's own plugins: a jar, or a folder of classes. */
  Path catalogue() throws BuildException;

  /** The version that the project, or the list of rr's own versions, fixes for this artifact. */
  Optional<String> version(String group, String artifact) throws BuildException;

  /**
   * The template, the plugins and all that they need at run time.
   *
   * @return sorted by coordinates
   * @throws BuildException when something cannot be found, or two plugins want different versions
   *     of it
   */
  List<Input> runtime(Collection<Coordinates> plugins) throws BuildException;

  /** Dagger's compiler and all that it needs, sorted by coordinates. */
  List<Path> processors() throws BuildException;
}
