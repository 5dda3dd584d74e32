package dev.rr.kernel;

import java.util.List;

/** The server cannot start. Carries everything that is in the way, in words for its user. */
public final class KernelException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  KernelException(List<String> problems, List<Throwable> causes) {
    super(String.join("\n", problems), null, true, false);
    this.problems = List.copyOf(problems);
    causes.forEach(this::addSuppressed);
  }

  /** One problem a line, at least one; the exceptions behind them are suppressed in this one. */
  public List<String> problems() {
    return problems;
  }
}
