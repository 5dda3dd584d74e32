package dev.rr.cli.command;

import java.util.List;

/**
 * How a sub-command is called. Immutable.
 *
 * @param name its name
 * @param description one line
 * @param arguments what may follow its name besides flags
 * @param flags its own flags; the global ones come on top
 * @param open whether it takes flags that nobody else knows as arguments
 * @param notes what help says besides: whole lines, or empty
 */
public record CommandSpec(
    String name,
    String description,
    Words arguments,
    List<Flag> flags,
    boolean open,
    String notes) {
  public CommandSpec {
    flags = List.copyOf(flags);
  }

  /** A command without arguments and flags of its own. */
  public static CommandSpec of(String name, String description) {
    return new CommandSpec(name, description, Words.NONE, List.of(), false, "");
  }

  /** The same with arguments. */
  public CommandSpec taking(Words words) {
    return new CommandSpec(name, description, words, flags, open, notes);
  }

  /** The same, with any arguments and flags. */
  public CommandSpec takingAnything() {
    return new CommandSpec(name, description, Words.any("[arguments]"), flags, true, notes);
  }

  /** The same with flags. */
  public CommandSpec with(Flag... own) {
    return new CommandSpec(name, description, arguments, List.of(own), open, notes);
  }

  /** The same with more to say about it. */
  public CommandSpec saying(String more) {
    return new CommandSpec(name, description, arguments, flags, open, more);
  }
}
