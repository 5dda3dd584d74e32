package dev.rr.cli.client;

import dev.rr.api.worker.Resetter;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Words;
import dev.rr.os.SystemdNotifier;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces the workers of a running server by fresh ones, all plugins at once. A plugin that cannot
 * be reset is reported; as upstream has it, the exit code stays 0.
 */
public final class ResetCommand implements Command {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  /**
   * A reset waits for workers to start and for requests to end; both have limits of their own, of a
   * minute unless configured.
   */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("reset", "Reset workers of all or specific plugins")
        .taking(Words.plugins("[plugin...]", Resetter.class));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    RpcAddress address = RpcAddress.of(context);
    List<String> plugins = plugins(address, own.positionals());
    SystemdNotifier systemd = new SystemdNotifier(context.settings().environment());
    tell(systemd, "RELOADING=1");
    reset(address, plugins, context.options().silent(), context.err());
    tell(systemd, "READY=1");
    return 0;
  }

  /** Those that were named, else all; that nobody listens is one error, not one of each plugin. */
  private static List<String> plugins(RpcAddress address, List<String> named) throws CliException {
    try (RpcClient client = RpcClient.connect(address)) {
      return named.isEmpty() ? WorkersView.plugins(client::call, "resetter.List") : named;
    } catch (IOException e) {
      throw RpcFault.told(e, "resetter", "failed to get list of plugins: ");
    }
  }

  /** Whoever is not notified was not waiting: a reset is worth more than its report. */
  private static void tell(SystemdNotifier systemd, String state) {
    try {
      systemd.send(state);
    } catch (IOException notDelivered) {
      return;
    }
  }

  static void reset(RpcAddress address, List<String> plugins, boolean silent, PrintStream err)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (String plugin : plugins) {
      threads.add(
          Thread.ofPlatform()
              .name("reset-" + plugin)
              .start(() -> resetOne(address, plugin, silent, err)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void resetOne(RpcAddress address, String plugin, boolean silent, PrintStream err) {
    say(err, silent, "resetting plugin: [" + plugin + "] ");
    try (RpcClient client = RpcClient.connect(address)) {
      client.call("resetter.Reset", plugin, LIMIT);
      say(err, silent, "plugin reset: [" + plugin + "]");
    } catch (IOException | CliException e) {
      say(err, false, "failed to reset plugin: [" + plugin + "]: " + e.getMessage());
    }
  }

  private static void say(PrintStream err, boolean silent, String text) {
    if (!silent) {
      err.println(LocalDateTime.now().format(STAMP) + " " + text);
    }
  }
}
