package dev.rr.plugin.metrics;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The metrics of the application by the names that its workers know. Any thread. */
final class DeclaredCollectors {
  private final SampleBudget budget;

  /** Names of samples that plugins have; asked for rarely. */
  private final Supplier<Set<String>> foreign;

  private final Map<String, Collector<?>> byName = new ConcurrentHashMap<>();

  /** Names of samples and whose they are; guarded by this. */
  private final Map<String, CollectorSpec> samples = new HashMap<>();

  DeclaredCollectors(SampleBudget budget, Supplier<Set<String>> foreign) {
    this.budget = budget;
    this.foreign = foreign;
  }

  /** The collector of this name, or null. */
  @Nullable Collector<?> find(String name) {
    return byName.get(name);
  }

  Collection<Collector<?>> all() {
    return byName.values();
  }

  /**
   * Adds a collector.
   *
   * @return false when there was one of this name, which stays
   * @throws IllegalArgumentException with upstream's text when it cannot be
   */
  synchronized boolean declare(CollectorSpec spec) {
    if (byName.containsKey(spec.name())) {
      return false;
    }
    spec.check();
    checkNames(spec);
    byName.put(spec.name(), Collector.of(spec, budget));
    spec.sampleNames().forEach(name -> samples.put(name, spec));
    return true;
  }

  private void checkNames(CollectorSpec spec) {
    Set<String> taken = foreign.get();
    for (String name : spec.sampleNames()) {
      CollectorSpec other = samples.get(name);
      if (other != null && other.fullName().equals(spec.fullName())) {
        throw new IllegalArgumentException(
            other.describedAs(spec)
                ? "duplicate metrics collector registration attempted"
                : clash(spec));
      }
      if (other != null) {
        throw new IllegalArgumentException(
            "metric \"%s\" collides with the earlier \"%s\": both have samples \"%s\""
                .formatted(spec.fullName(), other.fullName(), name));
      }
      if (taken.contains(name)) {
        throw new IllegalArgumentException(clash(spec));
      }
    }
  }

  private static String clash(CollectorSpec spec) {
    return "a previously registered descriptor with the same fully-qualified name as "
        + spec.description()
        + " has different label names or a different help string";
  }

  /** Removes a collector and forgets its names; false when there is none. */
  synchronized boolean remove(String name) {
    Collector<?> removed = byName.remove(name);
    if (removed == null) {
      return false;
    }
    removed.close();
    removed.spec().sampleNames().forEach(samples::remove);
    return true;
  }
}
