package dev.rr.api.cli;

import dev.rr.annotation.Contract;
import java.io.PrintStream;
import java.util.List;

/**
 * A sub-command of the program, for example {@code rr migrate}. The name of the offer is the
 * command's; one of rr's own of the same name goes before it.
 *
 * <p>Its plugin is constructed and initialised like for a server, with what it needs, and nothing
 * is started. Where it does not live with the configuration, the command says why instead.
 */
@Contract
public interface CliCommand {
  /**
   * Does the work. On the main thread; may take as long as it wants, a signal ends the process.
   *
   * @param arguments what follows the command's name, in order: words, and flags that are not among
   *     those that every command takes
   * @return the exit code, 0 when all is well
   * @throws Exception ends the program with code 1; the message is printed, the stack trace below
   *     {@code --debug} only
   */
  int run(List<String> arguments, Console console) throws Exception;

  /**
   * Where a command prints.
   *
   * @param out what was asked for
   * @param err everything else
   * @param colour whether colours may be used on {@code err}
   */
  record Console(PrintStream out, PrintStream err, boolean colour) {}
}
