package dev.rr.api.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration is wrong. Carries every problem found; has no stack trace, since the fault is
 * not in the code.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * Reports problems.
   *
   * @param problems at least one
   */
  public ConfigException(List<Problem> problems) {
    super(
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
  }

  /** The problems, in the order found. */
  public List<Problem> problems() {
    return problems;
  }
}
