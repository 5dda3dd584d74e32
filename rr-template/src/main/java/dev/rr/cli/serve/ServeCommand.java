package dev.rr.cli.serve;

import dev.rr.api.config.Problem;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Host;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Program;
import dev.rr.cli.command.VersionText;
import dev.rr.cli.init.FirstConfigCommand;
import dev.rr.cli.plugins.GraphText;
import dev.rr.cli.serve.ServerEvents.Again;
import dev.rr.cli.serve.ServerEvents.Event;
import dev.rr.cli.serve.ServerEvents.Failed;
import dev.rr.cli.serve.ServerEvents.Stop;
import dev.rr.kernel.ErrorText;
import dev.rr.kernel.Failure;
import dev.rr.kernel.HostSettings;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.KernelException;
import dev.rr.kernel.PluginState;
import dev.rr.os.Restart;
import dev.rr.os.Signals;
import dev.rr.os.SystemdNotifier;
import dev.rr.os.ZombieReaper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the server in the foreground until a signal or a failing plugin ends it.
 *
 * <p>The main thread does everything that touches the kernel: it starts the plugins, then waits in
 * {@link ServerEvents} and tells systemd that the server lives, then stops the plugins. Signal
 * handlers and plugins that fail, on threads of theirs, only post an event; so a stop never runs
 * beside a start, and no plugin is stopped from one of its own threads.
 */
public final class ServeCommand implements Command {
  /** How often the application is said to be used, when systemd wants no sign of life earlier. */
  private static final Duration IDLE = Duration.ofHours(1);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("serve", "Start the server");
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    HostSettings settings = context.settings();
    if (!Files.exists(settings.configFile())) {
      FirstConfigCommand.offer(context, settings);
    }
    FatalErrors.endTheProcess(context.err());
    ServerEvents events = new ServerEvents();
    Kernel kernel =
        new Kernel(context.assembly(), settings, failure -> events.post(new Failed(failure)));
    Event end;
    try (PidFile pid = context.options().pid() ? PidFile.take(context.startDirectory()) : null;
        Signals signals = signals(context, events);
        ZombieReaper unusedReaper = ZombieReaper.startAsFirstProcess()) {
      end = serve(context, kernel, events, pid);
      int code = stop(context, kernel, end);
      if (!(end instanceof Again)) {
        return code;
      }
    }
    return again(context);
  }

  /** The first signal ends the server in good order, the second at once. */
  private static Signals signals(CommandContext context, ServerEvents events) {
    Signals signals = new Signals();
    AtomicInteger seen = new AtomicInteger();
    for (String name : List.of("INT", "TERM", "ABRT")) {
      Optional<String> refused =
          signals.handle(
              name,
              () -> {
                events.post(new Stop());
                if (seen.incrementAndGet() > 1) {
                  context.out().println("exit forced");
                  context.out().flush();
                  FatalErrors.exitAtOnce();
                }
              });
      refused.ifPresent(why -> context.say("[WARN] SIG" + name + " is not handled: " + why));
    }
    // Without this variable the JVM itself suspends threads by SIGUSR2.
    if (System.getenv(Program.SUSPEND_SIGNAL) != null) {
      Optional<String> refused = signals.handle("USR2", () -> events.post(new Again()));
      refused.ifPresent(why -> context.say("[WARN] SIGUSR2 is not handled: " + why));
    }
    return signals;
  }

  /** Starts the server and returns when it has to end; what was started is still running then. */
  private static Event serve(
      CommandContext context, Kernel kernel, ServerEvents events, @Nullable PidFile pid)
      throws KernelException, InterruptedException {
    List<PluginState> states = kernel.init();
    List<Problem> unknown = kernel.check();
    if (kernel.endure().printGraph()) {
      context.err().print(new GraphText(states).dot());
    }
    String level = kernel.endure().levelWarning();
    if (!level.isEmpty()) {
      context.out().println("[WARN] " + level);
    }
    warn(context, kernel, unknown);
    kernel.requireWork();
    debugStates(kernel, states);
    if (!kernel.start(events.ending())) {
      // Nobody was told of a start, so nobody is of its end.
      return awaitEnd(context, kernel, events, new SystemdNotifier(Map.of()));
    }
    if (pid != null) {
      try {
        pid.write();
      } catch (CliException e) {
        context.say("[WARN] " + e.getMessage());
      }
    }
    context.say(
        "[INFO] RoadRunner server started; version: %s, buildtime: %s, rr: %s"
            .formatted(
                Host.ROADRUNNER,
                VersionText.buildTime(context.assembly().build()),
                context.assembly().build().plainVersion()));
    SystemdNotifier systemd = new SystemdNotifier(context.systemEnvironment());
    if (notify(context, systemd, "READY=1") && systemd.enabled()) {
      context.say("[INFO] sdnotify: notified");
      Duration watchdog = watchdog(kernel, systemd);
      if (!watchdog.isZero()) {
        context.say("[INFO] sdnotify: watchdog enabled, timeout: " + seconds(watchdog));
      }
    }
    return awaitEnd(context, kernel, events, systemd);
  }

  /** As configured, else as the unit of systemd says. */
  private static Duration watchdog(Kernel kernel, SystemdNotifier systemd) {
    Duration configured = kernel.endure().watchdog();
    return configured.isZero() ? systemd.watchdog() : configured;
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString()
        + " seconds";
  }

  /** Through the log when there is one: it may be a file that somebody watches. */
  private static void warn(CommandContext context, Kernel kernel, List<Problem> unknown) {
    Optional<Log> log = kernel.log("config");
    for (Problem problem : unknown) {
      warn(context, log, problem.toString());
    }
    for (PluginState state : kernel.starved()) {
      warn(context, log, state.plugin().id() + " does not run: it " + state.reason());
    }
  }

  private static void warn(CommandContext context, Optional<Log> log, String text) {
    if (log.isPresent()) {
      log.get().warn(text);
    } else {
      context.err().println("[WARN] " + text);
    }
  }

  private static void debugStates(Kernel kernel, List<PluginState> states) {
    Log log = kernel.log("container").orElse(Log.NONE);
    for (PluginState state : states) {
      if (!state.live() && kernel.endure().logLevel().equals("debug")) {
        log.debug("plugin disabled", "plugin", state.plugin().id(), "reason", state.reason());
      }
    }
  }

  /**
   * Waits, and tells systemd now and then that the server lives. This thread does so, as it is the
   * one that would stop the server: one made for it would go on while this is stuck.
   */
  private static Event awaitEnd(
      CommandContext context, Kernel kernel, ServerEvents events, SystemdNotifier systemd)
      throws InterruptedException {
    Duration watchdog = watchdog(kernel, systemd);
    boolean watched = systemd.enabled() && !watchdog.isZero();
    while (true) {
      Event event = events.await(watched ? watchdog : IDLE);
      if (event != null) {
        return event;
      }
      context.touchApplication();
      if (watched) {
        notify(context, systemd, "WATCHDOG=1");
      }
    }
  }

  private static boolean notify(CommandContext context, SystemdNotifier systemd, String state) {
    try {
      systemd.send(state);
      return true;
    } catch (IOException | RuntimeException e) {
      context.say("[WARN] sdnotify: " + e.getMessage());
      return false;
    }
  }

  private static int stop(CommandContext context, Kernel kernel, Event end) {
    announce(context, kernel, end);
    if (notify(context, new SystemdNotifier(context.systemEnvironment()), "STOPPING=1")) {
      context.out().flush();
    }
    List<String> problems = new ArrayList<>(kernel.stop());
    problems.forEach(p -> context.err().println("error: " + p));
    if (end instanceof Failed(Failure failure)) {
      context.err().println("error: " + ErrorText.text(failure.cause()));
      context.err().println("plugin: " + failure.plugin());
      if (context.options().debug()) {
        failure.cause().printStackTrace(context.err());
      }
      return 1;
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private static void announce(CommandContext context, Kernel kernel, Event end) {
    switch (end) {
      case Stop s ->
          context.say(
              "stop signal received, grace timeout is: "
                  + kernel.gracePeriod().toSeconds()
                  + " seconds"
                  + kernel
                      .starting()
                      .map(id -> "; the plugin " + id + " was still starting")
                      .orElse(""));
      case Again a -> context.say("restart signal [SIGUSR2] received");
      case Failed f -> {}
    }
  }

  /**
   * Replaces this process by a new one of the same file; returns only when that is not possible.
   */
  private static int again(CommandContext context) throws CliException {
    try {
      context.out().flush();
      context.err().flush();
      Map<String, String> environment = new TreeMap<>(context.systemEnvironment());
      if (context.file().isEmpty()) {
        // The JVM's own command line runs again, without the preamble that would set it.
        environment.put(Program.SUSPEND_SIGNAL, System.getenv(Program.SUSPEND_SIGNAL));
      }
      Restart.exec(Restart.command(context.file().orElse(null), context.arguments()), environment);
      throw new CliException("failed to restart");
    } catch (IOException | RuntimeException e) {
      context.out().println("restart failed: " + ErrorText.text(e));
      throw new CliException("failed to restart");
    }
  }
}
