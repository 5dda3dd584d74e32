package dev.rr.cli;

import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.List;
import java.util.Locale;

/** Shows which plugins live with a configuration, and why the others do not. Starts nothing. */
final class PluginsCommand implements Command {
  @Override
  public CommandSpec spec() {
    return CommandSpec.of("plugins", "List the plugins: live, or disabled and why");
  }

  @Override
  public int run(Context context, Arguments own) throws CliException {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    List<PluginState> states = kernel.init();
    Table table = new Table("plugin", "version", "state", "why");
    for (PluginState state : states) {
      table.row(
          state.plugin().id(),
          state.plugin().version(),
          state.status().name().toLowerCase(Locale.ROOT),
          state.reason());
    }
    context.out().print(table.text());
    List<String> problems = kernel.problems();
    problems.forEach(context.err()::println);
    return problems.isEmpty() ? 0 : 1;
  }
}
