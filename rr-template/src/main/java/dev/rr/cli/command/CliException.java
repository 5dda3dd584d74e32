package dev.rr.cli.command;

/** A command cannot do what was asked; the message is all its user needs. Has no stack trace. */
public final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Reports one sentence, without {@code error:} in front. */
  public CliException(String message) {
    super(message, null, false, false);
  }
}
