package dev.rr.kernel;

import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Server;
import dev.rr.kernel.Stopper.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of an assembly: {@link #init}, {@link #examine}, {@link #check}, {@link #start}, {@link
 * #stop}, in this order, on one thread. What plugins report later arrives at the consumer given to
 * the constructor, on the plugin's thread.
 */
public final class Kernel {
  private static final int INFRASTRUCTURE = -1;

  /** Contracts whose plugins have a section to themselves and yet serve nothing. */
  private static final Set<String> HELPERS =
      Set.of(
          Configurer.class.getName(),
          Loggers.class.getName(),
          Server.class.getName(),
          Tracer.class.getName());

  private static final Comparator<Problem> IN_FILE =
      Comparator.comparing(
              (Problem p) -> p.place().file(), Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(p -> p.place().line());

  private final Assembly assembly;
  private final KernelHost host;
  private final Map<String, PluginState> states = new LinkedHashMap<>();
  private final List<PluginInfo> started = new ArrayList<>();
  private final Starter starter = new Starter();
  private final Wiring wiring;
  private final PluginInitializer initializer;
  private Endure endure = Endure.DEFAULT;
  private boolean examined;
  private Starter.@Nullable Late late;

  /**
   * Makes the object graph; nothing is constructed by this.
   *
   * @param failures told once when a running plugin cannot go on; must not block
   */
  public Kernel(Assembly assembly, HostSettings settings, Consumer<Failure> failures) {
    this.assembly = assembly;
    this.host = new KernelHost(assembly, settings, failures);
    this.wiring = assembly.wire(host, this::takesPart);
    host.schemas(schemas());
    this.initializer = new PluginInitializer(wiring, states);
  }

  private boolean takesPart(String id) {
    return initializer.takesPart(id);
  }

  /** Constructs and initialises what can live. Faults are kept for {@link #check}. */
  public List<PluginState> init() {
    initializer.run(assembly.plugins());
    wiring.configurer().ifPresent(this::readEndure);
    host.plugins(states());
    return states();
  }

  private void readEndure(Configurer configurer) {
    endure = Endure.read(configurer);
    host.gracePeriod(endure.gracePeriod());
  }

  /** What became of each plugin so far, in the assembly's order. */
  public List<PluginState> states() {
    return List.copyOf(states.values());
  }

  /** The section of the server itself; defaults until {@link #init}. */
  public Endure endure() {
    return endure;
  }

  /**
   * Delivers what plugins collect, then has each say what would fail its start. Faults are kept for
   * {@link #check}. Does nothing the second time.
   */
  public List<PluginState> examine() {
    if (!examined) {
      examined = true;
      initializer.examine();
      host.plugins(states());
    }
    return states();
  }

  /** What failed so far, all of it: in the order of the file, what stands in none last. */
  public List<String> problems() {
    return lines(Stream.concat(initializer.problems().stream(), endure.problems().stream()));
  }

  private static List<String> lines(Stream<Problem> problems) {
    return problems.sorted(IN_FILE).map(Problem::toString).distinct().toList();
  }

  /**
   * Decides whether the server can start; {@linkplain #examine examines} the plugins first.
   *
   * @return warnings: keys that nothing reads, and what may be right later
   * @throws KernelException with everything that is in the way, and those warnings as well, since a
   *     misspelt key is often what is missing elsewhere
   */
  public List<Problem> check() throws KernelException {
    examine();
    List<Problem> unknown = unknownKeys();
    List<String> problems = new ArrayList<>(problems());
    if (host.strict()) {
      problems.addAll(lines(unknown.stream()));
      unknown = List.of();
    }
    List<Problem> warnings =
        Stream.concat(unknown.stream(), initializer.warnings().stream()).sorted(IN_FILE).toList();
    if (problems.isEmpty()) {
      return warnings;
    }
    warnings.forEach(warning -> problems.add("[WARN] " + warning));
    throw new KernelException(problems, initializer.causes());
  }

  private List<Problem> unknownKeys() {
    Optional<Configurer> configurer = wiring.configurer();
    if (configurer.isEmpty()) {
      return List.of();
    }
    return configurer.get().unknownKeys(schemas());
  }

  /**
   * Refuses to run a server that would do nothing: one in which only helpers of other plugins live.
   *
   * @throws KernelException with the plugins that could serve and why they do not
   */
  public void requireWork() throws KernelException {
    if (states.isEmpty()) {
      throw new KernelException(List.of("no plugins registered"), List.of());
    }
    List<PluginState> serving = states.values().stream().filter(s -> serves(s.plugin())).toList();
    if (serving.stream().noneMatch(PluginState::live)) {
      List<String> lines = new ArrayList<>();
      lines.add(
          serving.isEmpty()
              ? "nothing to serve: no plugin of this binary serves anything by itself"
              : "nothing to serve: all plugins that serve are disabled");
      serving.forEach(s -> lines.add("  " + s.plugin().id() + ": " + s.reason()));
      throw new KernelException(lines, List.of());
    }
  }

  /**
   * Whether a plugin does work of its own. Those do that have a section to themselves; those that
   * live without one, or with a part of another's section, help others when they offer something.
   */
  private static boolean serves(PluginInfo plugin) {
    boolean section = plugin.enabledBy().stream().anyMatch(s -> !s.contains("."));
    boolean helps = plugin.offers().stream().anyMatch(HELPERS::contains);
    return !helps && (section || plugin.offers().isEmpty());
  }

  /**
   * Plugins that the configuration asks for and that do not live, because something they need is
   * switched off.
   */
  public List<PluginState> starved() {
    return states.values().stream().filter(initializer::starved).toList();
  }

  private static boolean infrastructure(PluginInfo plugin) {
    return offersConfiguration(plugin) || offersLogging(plugin);
  }

  private static boolean offersConfiguration(PluginInfo plugin) {
    return plugin.offers().contains(Configurer.class.getName());
  }

  private static boolean offersLogging(PluginInfo plugin) {
    return plugin.offers().contains(Loggers.class.getName());
  }

  /**
   * Starts the plugins; {@linkplain #check checks} first unless that was done. When one fails, it
   * and what had started is stopped in reverse.
   *
   * @param cancelled completed when the server is to stop; a plugin that is {@linkplain #starting
   *     starting} then is left to {@link #stop}
   * @return whether the server runs; false when it was cancelled
   * @throws KernelException when a plugin fails
   */
  public boolean start(CompletableFuture<?> cancelled) throws KernelException {
    if (!examined) {
      check();
    }
    List<PluginInfo> living =
        states.values().stream().filter(PluginState::live).map(PluginState::plugin).toList();
    for (PluginInfo plugin : StartOrder.of(living)) {
      if (cancelled.isDone() || !startOne(plugin, cancelled)) {
        return false;
      }
    }
    return true;
  }

  private boolean startOne(PluginInfo plugin, CompletableFuture<?> cancelled)
      throws KernelException {
    try {
      if (wiring.plugin(plugin.id()) instanceof Lifecycle lifecycle) {
        started.add(plugin);
        late = starter.start(plugin, lifecycle, cancelled);
      }
      return late == null;
    } catch (Exception | LinkageError e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      List<String> lines = new ArrayList<>();
      lines.add(
          "serve error from the plugin "
              + plugin.id()
              + " stopping execution, error: "
              + ErrorText.text(e));
      lines.addAll(stopReversed());
      throw new KernelException(lines, List.of(e));
    }
  }

  private List<String> stopReversed() {
    host.beginToStop();
    List<List<Started>> groups = new ArrayList<>();
    started.reversed().forEach(p -> groups.add(List.of(lifecycle(p))));
    started.clear();
    List<String> problems = new Stopper(host.gracePeriod()).stop(groups);
    starter.close();
    return problems;
  }

  /** The plugin that a cancelled start did not wait for, until {@link #stop}. */
  public Optional<String> starting() {
    return Optional.ofNullable(late).map(l -> l.plugin().id());
  }

  /**
   * Stops what runs: from the highest level down, plugins of one level at the same time, logging
   * and configuration last, all within {@code endure.grace_period}. A plugin that is still starting
   * is interrupted and, once its start has ended, stopped like the others.
   *
   * @return what went wrong; empty when everything stopped in time
   */
  public List<String> stop() {
    host.beginToStop();
    Stopper stopper = new Stopper(host.gracePeriod());
    if (late != null && !stopper.abort(late)) {
      started.remove(late.plugin());
    }
    late = null;
    TreeMap<Integer, List<Started>> levels = new TreeMap<>(Comparator.reverseOrder());
    for (PluginInfo plugin : started) {
      levels.computeIfAbsent(stopLevel(plugin), l -> new ArrayList<>()).add(lifecycle(plugin));
    }
    started.clear();
    List<String> problems = stopper.stop(List.copyOf(levels.values()));
    starter.close();
    return problems;
  }

  private int stopLevel(PluginInfo plugin) {
    return infrastructure(plugin)
        ? INFRASTRUCTURE
        : StartOrder.stopLevel(plugin, assembly.plugins(), started);
  }

  private Started lifecycle(PluginInfo plugin) {
    return new Started(plugin.id(), (Lifecycle) wiring.plugin(plugin.id()));
  }

  /** How long a stop may take. */
  public Duration gracePeriod() {
    return host.gracePeriod();
  }

  /** The configuration, when a live plugin offers it. */
  public Optional<Configurer> configurer() {
    return wiring.configurer();
  }

  /** The plugins that live and are of a type, in the assembly's order. */
  public <T> List<T> living(Class<T> type) {
    return states.values().stream()
        .filter(PluginState::live)
        .map(state -> wiring.plugin(state.plugin().id()))
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** A sub-command that a live plugin offers. */
  public Optional<CliCommand> command(String name) {
    return wiring.command(name);
  }

  /** A log channel; one that drops everything when no live plugin offers logging. */
  public Optional<Log> log(String channel) {
    return wiring.loggers().map(l -> l.named(channel));
  }

  /** The schemas of all sections that this binary reads, its own included, by key. */
  public List<Schema> schemas() {
    List<Schema> all = new ArrayList<>(wiring.schemas());
    all.add(Endure.SCHEMA);
    all.sort(Comparator.comparing(Schema::key));
    return all;
  }
}
