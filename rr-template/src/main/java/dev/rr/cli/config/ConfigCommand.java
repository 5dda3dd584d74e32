package dev.rr.cli.config;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Words;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.List;

/**
 * {@code config check}: says everything that is wrong with a configuration. What is an error here
 * is one for {@code serve}, and the other way round; {@code --strict} holds for both.
 */
public final class ConfigCommand implements Command {
  @Override
  public CommandSpec spec() {
    return CommandSpec.of("config", "Check the configuration: rr config check")
        .taking(Words.of("check"));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    String what = String.join(" ", own.positionals());
    if (!what.equals("check")) {
      throw new CliException("command should be in form of: `rr config check`");
    }
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    List<PluginState> states = kernel.init();
    kernel.check().forEach(warning -> context.err().println("[WARN] " + warning));
    kernel.requireWork();
    long live = states.stream().filter(PluginState::live).count();
    context.say(
        "the configuration is correct; " + live + " of " + states.size() + " plugins live with it");
    states.stream()
        .filter(state -> !state.live())
        .forEach(state -> context.say("off: " + state.plugin().id() + ", " + state.reason()));
    return 0;
  }
}
