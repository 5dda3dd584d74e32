package dev.rr.cli.plugins;

import dev.rr.api.cli.CliCommand;
import dev.rr.api.plugin.Catalogue;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.List;
import java.util.Optional;

/**
 * A sub-command that a plugin of this binary brings. What the catalogue knows is enough to list it;
 * the plugin is constructed when the command runs.
 */
public final class PluginCommand implements Command {
  private final String name;
  private final String plugin;

  private PluginCommand(String name, String plugin) {
    this.name = name;
    this.plugin = plugin;
  }

  /** The commands that the plugins of a binary bring. */
  public static List<Command> of(Catalogue catalogue) {
    return catalogue.offering(CliCommand.class).stream()
        .filter(Catalogue.Entry::builtIn)
        .flatMap(entry ->
            entry.names(CliCommand.class).stream()
                .<Command>map(name -> new PluginCommand(name, entry.id())))
        .toList();
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(name, "A command of the plugin " + plugin).takingAnything();
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    kernel.init();
    Optional<CliCommand> command = kernel.command(name);
    if (command.isEmpty()) {
      throw new CliException(
          "the command " + name + " is not available: the plugin " + plugin + why(kernel));
    }
    return command
        .get()
        .run(
            own.positionals(),
            new CliCommand.Console(context.out(), context.err(), context.terminal().coloursErr()));
  }

  private String why(Kernel kernel) {
    return kernel.states().stream()
        .filter(state -> state.plugin().id().equals(plugin))
        .map(PluginCommand::why)
        .findFirst()
        .orElse(" is not there");
  }

  private static String why(PluginState state) {
    return " is " + state.word() + (state.reason().isEmpty() ? "" : ": " + state.reason());
  }
}
