package dev.rr.build.resolve;

import dev.rr.build.BuildException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What happens when a plugin wants a newer version of a shared library than the file has, or
 * another major one.
 */
@FunctionalInterface
public interface VersionsRule {
  /** Takes a sentence for each, of which there may be none. */
  void tell(List<String> overrides) throws BuildException;

  /**
   * The rule of this name.
   *
   * @param name {@code strict}, which fails, or {@code warn}
   * @param warn takes each sentence once
   */
  static VersionsRule of(String name, Consumer<String> warn) throws BuildException {
    // More than once where plugins are added and it is looked at again.
    Set<String> told = new HashSet<>();
    return switch (name) {
      case "strict" ->
          overrides -> {
            if (!overrides.isEmpty()) {
              throw new BuildException(overrides);
            }
          };
      case "warn" -> overrides -> overrides.stream().filter(told::add).forEach(warn);
      default ->
          throw new BuildException("rr.versions: \"" + name + "\" is neither strict nor warn");
    };
  }
}
