package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.select.Resolver;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Asks another resolver each thing once: while a module is run, nothing but its own classes
 * changes. One thread.
 */
public final class RememberingResolver implements Resolver {
  private final Resolver resolver;
  private final Map<String, Optional<String>> versions = new HashMap<>();
  private final Map<Collection<Coordinates>, List<Input>> runtimes = new HashMap<>();
  private @Nullable Path catalogue;
  private @Nullable List<Path> processors;
  private final Set<Coordinates> merged;
  private Optional<Input> own = Optional.empty();

  /**
   * Asks this one.
   *
   * @param merged modules whose classes are among the module's own, so that their jars are not
   *     given
   */
  public RememberingResolver(Resolver resolver, Collection<Coordinates> merged) {
    this.resolver = resolver;
    this.merged = Set.copyOf(merged);
  }

  /** From now on the module's classes are these, in the place of others of its coordinates. */
  public void own(Input input) {
    own = Optional.of(input);
  }

  @Override
  public Path catalogue() throws BuildException {
    Path known = catalogue;
    if (known == null) {
      known = resolver.catalogue();
      catalogue = known;
    }
    return known;
  }

  @Override
  public Optional<String> version(String group, String artifact) throws BuildException {
    String key = group + ":" + artifact;
    Optional<String> known = versions.get(key);
    if (known == null) {
      known = resolver.version(group, artifact);
      versions.put(key, known);
    }
    return known;
  }

  @Override
  public List<Input> runtime(Collection<Coordinates> plugins) throws BuildException {
    Collection<Coordinates> key = new TreeSet<>(plugins);
    List<Input> known = runtimes.get(key);
    if (known == null) {
      known = resolver.runtime(plugins);
      runtimes.put(key, known);
    }
    return known.stream()
        .filter(input -> !merged.contains(input.coordinates()))
        .map(this::now)
        .toList();
  }

  private Input now(Input input) {
    return own.filter(o -> o.coordinates().equals(input.coordinates())).orElse(input);
  }

  @Override
  public List<Path> processors() throws BuildException {
    List<Path> known = processors;
    if (known == null) {
      known = resolver.processors();
      processors = known;
    }
    return known;
  }
}
