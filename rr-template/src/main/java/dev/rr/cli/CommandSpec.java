package dev.rr.cli;

import java.util.List;

/**
 * How a sub-command is called. Immutable.
 *
 * @param name its name
 * @param description one line
 * @param arguments what stands for its arguments in help, such as {@code [plugin...]}; empty when
 *     it takes none
 * @param flags its own flags; the global ones come on top
 * @param open whether it takes flags that nobody else knows as arguments
 */
record CommandSpec(
    String name, String description, String arguments, List<Flag> flags, boolean open) {
  CommandSpec {
    flags = List.copyOf(flags);
  }

  /** A command without arguments and flags of its own. */
  static CommandSpec of(String name, String description) {
    return new CommandSpec(name, description, "", List.of(), false);
  }

  /** The same with arguments. */
  CommandSpec taking(String label) {
    return new CommandSpec(name, description, label, flags, open);
  }

  /** The same, with any arguments and flags. */
  CommandSpec taking() {
    return new CommandSpec(name, description, "[arguments]", flags, true);
  }

  /** The same with flags. */
  CommandSpec with(Flag... own) {
    return new CommandSpec(name, description, arguments, List.of(own), open);
  }
}
