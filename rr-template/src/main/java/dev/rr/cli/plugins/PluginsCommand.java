package dev.rr.cli.plugins;

import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.Host.PluginStatus;
import dev.rr.cli.client.RunningPlugins;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Table;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.List;
import java.util.Optional;

/**
 * Shows which plugins live, and why the others do not: in the running server when one answers where
 * the configuration says, else with this configuration. Starts nothing.
 */
public final class PluginsCommand implements Command {
  @Override
  public CommandSpec spec() {
    return CommandSpec.of("plugins", "List the plugins: live, or disabled and why");
  }

  @Override
  public int run(CommandContext context, Arguments own) throws CliException {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    kernel.init();
    Optional<RunningPlugins> running = running(context, kernel);
    if (running.isPresent()) {
      print(context, running.get().plugins());
      context.say("as the server on " + running.get().address() + " has them");
      return 0;
    }
    print(context, kernel.examine().stream().map(PluginsCommand::status).toList());
    List<String> problems = kernel.problems();
    problems.forEach(context.err()::println);
    return problems.isEmpty() ? 0 : 1;
  }

  private static Optional<RunningPlugins> running(CommandContext context, Kernel kernel)
      throws CliException {
    Optional<Configurer> configurer = kernel.configurer();
    if (configurer.isEmpty() || !configurer.get().has("rpc")) {
      return Optional.empty();
    }
    return RunningPlugins.ask(
        configurer.get().get("rpc.listen"), context.settings().workDirectory());
  }

  private static PluginStatus status(PluginState state) {
    return new PluginStatus(
        state.plugin().id(), state.plugin().version(), state.word(), state.reason());
  }

  private static void print(CommandContext context, List<PluginStatus> plugins) {
    Table table = new Table("plugin", "version", "state", "why");
    plugins.forEach(p -> table.row(p.id(), p.version(), p.state(), p.reason()));
    context.out().print(table.text());
  }
}
