package dev.rr.cli.client;

import dev.rr.api.config.Nearest;
import dev.rr.api.worker.WorkerManager;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Words;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** Shows the workers and pipelines of a running server; {@code -i} goes on doing so. */
public final class WorkersCommand implements Command {
  private static final String INTERACTIVE = "--interactive";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("workers", "Show information about active workers and pipelines")
        .taking(Words.plugins("[plugin...]", WorkerManager.class))
        .with(Flag.bool("watch them: sorted, with rates, until q", "-i", INTERACTIVE));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    RpcAddress address = RpcAddress.of(context);
    WorkersView view = new WorkersView(context.terminal().coloursOut(), Clock.systemUTC());
    List<String> plugins = own.positionals();
    try (RpcClient client = RpcClient.connect(address)) {
      List<String> all = all(client);
      for (String name : plugins) {
        if (!all.contains(name)) {
          tellWithoutWorkers(context, name, all);
        }
      }
      plugins = plugins.isEmpty() ? all : plugins;
      if (!own.has(INTERACTIVE)) {
        context.out().print(view.text(client::call, plugins));
        return 0;
      }
    }
    watch(context, address, view, plugins);
    return 0;
  }

  /** A plugin of this binary may have pipelines without workers; others are misspelt. */
  private static void tellWithoutWorkers(CommandContext context, String name, List<String> all)
      throws CliException {
    boolean plugin = context.assembly().plugins().stream().anyMatch(p -> p.id().equals(name));
    if (!plugin) {
      throw new CliException("there is no plugin " + name + known(name, all));
    }
    context.err().println("[WARN] no workers of " + name + known(name, all));
  }

  private static String known(String name, List<String> all) {
    String near = Nearest.to(name, all);
    return (all.isEmpty()
            ? "; no plugin has workers"
            : "; of " + String.join(", ", all) + " there are workers")
        + (near == null ? "" : "; did you mean " + near + "?");
  }

  private static List<String> all(RpcClient client) throws CliException {
    try {
      return WorkersView.plugins(client::call, "informer.List");
    } catch (IOException e) {
      throw RpcFault.told(e, "informer", "failed to get list of plugins: ");
    }
  }

  private static void watch(
      CommandContext context, RpcAddress address, WorkersView view, List<String> plugins)
      throws CliException, InterruptedException {
    WorkersScreen screen = new WorkersScreen(view, Clock.systemUTC());
    try {
      if (!context.terminal().isOut()) {
        throw new IOException("standard output is none");
      }
      new WorkersWatch(address, view, plugins).run(context.out(), System.in, screen);
    } catch (IOException e) {
      throw new CliException(
          "rr workers -i needs a terminal (" + e.getMessage() + "): leave -i out");
    }
  }
}
