package dev.rr.cli.client;

import dev.rr.api.worker.WorkerManager;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Words;
import dev.rr.os.Signals;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows the workers and pipelines of a running server; {@code -i} draws them anew every second. */
public final class WorkersCommand implements Command {
  private static final String INTERACTIVE = "--interactive";
  private static final String CLEAR = "\u001b[2J";
  private static final String HOME = "\u001b[1;1H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("workers", "Show information about active workers and pipelines")
        .taking(Words.plugins("[plugin...]", WorkerManager.class))
        .with(Flag.bool("redraw every second", "-i", INTERACTIVE));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    RpcAddress address = RpcAddress.of(context);
    WorkersView view = new WorkersView(context.terminal().coloursOut(), Clock.systemUTC());
    List<String> plugins = own.positionals();
    try (RpcClient client = RpcClient.connect(address)) {
      if (plugins.isEmpty()) {
        plugins = all(client);
      }
      if (!own.has(INTERACTIVE)) {
        context.out().print(view.text(client::call, plugins));
        return 0;
      }
    }
    return watch(context, address, view, plugins);
  }

  private static List<String> all(RpcClient client) throws CliException {
    try {
      return WorkersView.plugins(client::call, "informer.List");
    } catch (IOException e) {
      throw new CliException("failed to get list of plugins: " + e.getMessage());
    }
  }

  private static int watch(
      CommandContext context, RpcAddress address, WorkersView view, List<String> plugins)
      throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (Signals signals = new Signals()) {
      signals.handle("INT", ended::countDown);
      signals.handle("TERM", ended::countDown);
      context.out().print(CLEAR);
      while (!ended.await(1, TimeUnit.SECONDS)) {
        // A server that was restarted meanwhile is found again.
        String text = draw(address, view, plugins);
        context.out().print(HOME + text.replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW);
        context.out().flush();
      }
    }
    return 0;
  }

  private static String draw(RpcAddress address, WorkersView view, List<String> plugins) {
    try (RpcClient client = RpcClient.connect(address)) {
      return view.text(client::call, plugins);
    } catch (CliException e) {
      return e.getMessage() + "\n";
    }
  }
}
