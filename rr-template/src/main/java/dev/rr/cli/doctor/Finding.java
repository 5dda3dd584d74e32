package dev.rr.cli.doctor;

/**
 * What a check found.
 *
 * @param state how bad it is
 * @param text one sentence
 * @param remedy what to do about it; empty when all is well
 */
record Finding(State state, String text, String remedy) {
  /** From good to bad. */
  enum State {
    OK,
    WARNING,
    PROBLEM
  }

  static Finding ok(String text) {
    return new Finding(State.OK, text, "");
  }

  /** The server runs, worse than it could. */
  static Finding warning(String text, String remedy) {
    return new Finding(State.WARNING, text, remedy);
  }

  /** The server does not run. */
  static Finding problem(String text, String remedy) {
    return new Finding(State.PROBLEM, text, remedy);
  }
}
