package dev.rr.cli.command;

/** A sub-command. Stateless; made once per run of the program. */
public interface Command {
  /**
   * Its name, its own options and parameters, and a first sentence of help. The global flags are
   * added to it.
   */
  CommandSpec spec();

  /**
   * Does the work.
   *
   * @param own what was given to this command, the global flags not included: those are in {@link
   *     CommandContext#options}
   * @return the exit code
   * @throws CliException for anything the user can put right; other exceptions are reported by
   *     their message
   */
  int run(CommandContext context, Arguments own) throws Exception;
}
