package dev.rr.api.config;

import java.util.ArrayList;
import java.util.List;

/** Collects problems so that they are reported all at once. One thread. */
public final class Problems {
  private final List<Problem> found;
  private final List<Problem> before;
  private final List<Problem> warnings;

  /** Nothing was found yet. */
  public Problems() {
    this(new ArrayList<>(), List.of(), new ArrayList<>());
  }

  private Problems(List<Problem> found, List<Problem> before, List<Problem> warnings) {
    this.found = found;
    this.before = before;
    this.warnings = warnings;
  }

  /**
   * The same problems for a second look at what was read, in which fallbacks stand in for values
   * that are wrong. What that look finds where something was wrong before, in it or around it, may
   * follow from a fallback and is not recorded.
   */
  public Problems later() {
    return new Problems(found, List.copyOf(found), warnings);
  }

  /** Records a problem. */
  public void add(Problem problem) {
    if (before.stream().noneMatch(earlier -> earlier.place().touches(problem.place()))) {
      found.add(problem);
    }
  }

  /** Records what may be meant, or may be right later; it keeps nothing from starting. */
  public void warn(Problem problem) {
    warnings.add(problem);
  }

  /** What {@link #warn} recorded so far, in order. */
  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** Takes over what a step has to say that ends with the first fault of its own. */
  public void collect(Runnable step) {
    try {
      step.run();
    } catch (ConfigException e) {
      e.problems().forEach(this::add);
    }
  }

  /** What was recorded so far, in order. */
  public List<Problem> found() {
    return List.copyOf(found);
  }

  /** Whether nothing was recorded. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * Ends collecting.
   *
   * @throws ConfigException when anything was recorded
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
  }
}
