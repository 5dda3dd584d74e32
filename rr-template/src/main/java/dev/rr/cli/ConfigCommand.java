package dev.rr.cli;

import dev.rr.api.config.Problem;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code config check}: says everything that is wrong with a configuration, unknown keys included.
 */
final class ConfigCommand implements Command {
  @Override
  public CommandSpec spec() {
    return CommandSpec.of("config", "Check the configuration: rr config check").taking("check");
  }

  @Override
  public int run(Context context, Arguments own) throws Exception {
    String what = String.join(" ", own.positionals());
    if (!what.equals("check")) {
      throw new CliException("command should be in form of: `rr config check`");
    }
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    List<PluginState> states = kernel.init();
    List<String> problems = new ArrayList<>(kernel.problems());
    if (problems.isEmpty()) {
      kernel.check().stream().map(Problem::toString).forEach(problems::add);
    }
    if (!problems.isEmpty()) {
      problems.forEach(context.err()::println);
      return 1;
    }
    long live = states.stream().filter(PluginState::live).count();
    context.say(
        "the configuration is correct; " + live + " of " + states.size() + " plugins live with it");
    return 0;
  }
}
