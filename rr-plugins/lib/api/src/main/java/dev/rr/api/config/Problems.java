package dev.rr.api.config;

import java.util.ArrayList;
import java.util.List;

/** Collects problems so that they are reported all at once. One thread. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /** Records a problem. */
  public void add(Problem problem) {
    found.add(problem);
  }

  /** Takes over what a step has to say that ends with the first fault of its own. */
  public void collect(Runnable step) {
    try {
      step.run();
    } catch (ConfigException e) {
      found.addAll(e.problems());
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
