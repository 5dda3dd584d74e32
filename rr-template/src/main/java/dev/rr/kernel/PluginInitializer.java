package dev.rr.kernel;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.PluginDisabled;
import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import dev.rr.kernel.PluginState.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Constructs and initialises plugins in the assembly's order, and examines those that take part. As
 * that order is topological, one pass is the fixpoint: whatever a plugin needs has been decided
 * before it. One use, the kernel's thread.
 *
 * <p>A plugin whose section has a wrong value takes part as well, with the fallback: nothing will
 * start, but what it refers to is looked at, and so are the plugins that need it. What it stumbles
 * over without naming a place is left out, as it may be that fallback.
 */
final class PluginInitializer {
  private final Wiring wiring;
  private final Map<String, PluginState> states;
  private final Problems problems = new Problems();
  private final List<Throwable> causes = new ArrayList<>();

  /** Plugins that were made with fallbacks for wrong values. */
  private final Set<String> outlined = new HashSet<>();

  /** Those, and whatever depends on one of them. */
  private final Set<String> shaken = new HashSet<>();

  /**
   * Prepares it; nothing is constructed by this.
   *
   * @param states filled plugin by plugin; what lives is read from it
   */
  PluginInitializer(Wiring wiring, Map<String, PluginState> states) {
    this.wiring = wiring;
    this.states = states;
  }

  /**
   * Decides about each plugin, in the assembly's order, and constructs and initialises it unless
   * something is in the way. Goes on after a failure, so that all of them are told at once; what
   * needs a plugin that failed is left out without a complaint of its own.
   */
  void run(List<PluginInfo> plugins) {
    for (PluginInfo plugin : plugins) {
      states.put(plugin.id(), visit(plugin));
    }
  }

  /** Has every plugin that takes part collect, then every one that could check what it has. */
  void examine() {
    Problems later = problems.later();
    List<PluginInfo> taking =
        states.values().stream()
            .map(PluginState::plugin)
            .filter(plugin -> takesPart(plugin.id()))
            .toList();
    for (PluginInfo plugin : taking.stream().filter(p -> collect(p, later)).toList()) {
      check(plugin, later);
    }
  }

  /** Whether the plugin is offered to others, collects and is checked. */
  boolean takesPart(String id) {
    PluginState state = states.get(id);
    return outlined.contains(id) || (state != null && state.live());
  }

  /**
   * Whether the plugin took all that is offered to it. Collecting constructs nothing: what is
   * offered was initialised before, and takes part.
   */
  private boolean collect(PluginInfo plugin, Problems later) {
    try {
      wiring.collect(plugin.id());
      return true;
    } catch (RuntimeException | LinkageError e) {
      fail(plugin, e, told("collect", plugin, e), later);
      return false;
    }
  }

  private void check(PluginInfo plugin, Problems later) {
    if (!(wiring.plugin(plugin.id()) instanceof Lifecycle lifecycle)) {
      return;
    }
    // A plugin may report problems with their places, throw, or do the one and then the other.
    Problems found = new Problems();
    Throwable cause = null;
    try {
      lifecycle.check(found);
    } catch (Exception | LinkageError e) {
      cause = e;
      told("check", plugin, e).forEach(found::add);
    }
    found.warnings().forEach(problems::warn);
    fail(plugin, cause == null ? new ConfigException(found.found()) : cause, found.found(), later);
  }

  /** Nothing is told of a plugin that has nothing to tell. */
  private void fail(PluginInfo plugin, Throwable cause, List<Problem> found, Problems later) {
    if (!found.isEmpty()) {
      states.put(plugin.id(), failed(plugin, cause, found, later));
    }
  }

  /** Everything that failed. */
  List<Problem> problems() {
    return problems.found();
  }

  /** What plugins have to say that stands in nobody's way. */
  List<Problem> warnings() {
    return problems.warnings();
  }

  /** The exceptions behind the problems. */
  List<Throwable> causes() {
    return causes;
  }

  /** Whether its sections are there and what it needs is switched off. */
  boolean starved(PluginState state) {
    PluginInfo plugin = state.plugin();
    return state.status() == Status.DISABLED
        && !plugin.enabledBy().isEmpty()
        && missingSection(plugin).isEmpty()
        && plugin.needs().stream().anyMatch(n -> n.strength() == Strength.HARD && !satisfied(n));
  }

  /** From the cheapest reason against it to the dearest: only then the plugin's code is run. */
  private PluginState visit(PluginInfo plugin) {
    if (!plugin.enabledBy().isEmpty() && wiring.configurer().isEmpty() && configurationFailed()) {
      return new PluginState(plugin, Status.SKIPPED, "the configuration cannot be read");
    }
    Optional<String> section = missingSection(plugin);
    if (section.isPresent()) {
      return new PluginState(plugin, Status.DISABLED, section.get());
    }
    for (Need need : plugin.needs()) {
      if (need.strength() == Strength.HARD && !satisfied(need)) {
        return unsatisfied(plugin, need);
      }
    }
    return construct(plugin);
  }

  private boolean configurationFailed() {
    return states.values().stream()
        .anyMatch(s -> s.broken() && s.plugin().offers().contains(Configurer.class.getName()));
  }

  /** Which of the sections that enable it are not there; empty when enough of them are. */
  private Optional<String> missingSection(PluginInfo plugin) {
    List<String> wanted = plugin.enabledBy();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Optional<Configurer> configurer = wiring.configurer();
    List<String> absent =
        wanted.stream().filter(s -> configurer.isEmpty() || !configurer.get().has(s)).toList();
    if (absent.isEmpty() || (plugin.anySection() && absent.size() < wanted.size())) {
      return Optional.empty();
    }
    String quoted = absent.stream().map(s -> '"' + s + '"').collect(Collectors.joining(", "));
    if (plugin.anySection() && wanted.size() > 1) {
      return Optional.of("none of the sections " + quoted);
    }
    return Optional.of((absent.size() == 1 ? "no section " : "no sections ") + quoted);
  }

  private boolean satisfied(Need need) {
    return need.contract().equals(Host.class.getName())
        || need.offeredBy().stream().anyMatch(this::takesPart);
  }

  /**
   * Why a need is not met. A plugin that failed is named first and its words are not repeated; one
   * that is switched off gives its own reason, which may go on to the plugin before it.
   */
  private PluginState unsatisfied(PluginInfo plugin, Need need) {
    String start = "needs " + need.contract() + ", ";
    for (String id : need.offeredBy()) {
      PluginState offering = states.get(id);
      if (offering != null && offering.broken()) {
        return new PluginState(
            plugin, Status.SKIPPED, start + "offered by " + id + ", which failed");
      }
    }
    if (need.offeredBy().isEmpty()) {
      return new PluginState(
          plugin, Status.DISABLED, start + "which nothing in this binary offers");
    }
    String chain =
        need.offeredBy().stream()
            .map(id -> "offered by " + id + ", which is disabled: " + reason(id))
            .collect(Collectors.joining("; and "));
    return new PluginState(plugin, Status.DISABLED, start + chain);
  }

  private String reason(String id) {
    PluginState state = states.get(id);
    return state == null ? "it comes later in the order" : state.reason();
  }

  private PluginState construct(PluginInfo plugin) {
    int before = bound().size();
    Throwable fault = null;
    try {
      // The first call for it: the wiring runs its constructor, which decodes its section.
      if (wiring.plugin(plugin.id()) instanceof Lifecycle lifecycle) {
        lifecycle.init();
      }
    } catch (Exception | LinkageError e) {
      fault = e;
    }
    List<Problem> wrong = bound().subList(before, bound().size());
    if (!wrong.isEmpty() || needs(plugin).anyMatch(shaken::contains)) {
      shaken.add(plugin.id());
    }
    if (wrong.isEmpty() && fault == null) {
      return new PluginState(plugin, Status.LIVE, "");
    }
    if (wrong.isEmpty() && fault instanceof PluginDisabled) {
      return new PluginState(plugin, Status.DISABLED, ErrorText.text(fault));
    }
    if (fault == null) {
      outlined.add(plugin.id());
      return failed(plugin, new ConfigException(wrong), wrong, problems);
    }
    List<Problem> found = new ArrayList<>(wrong);
    found.addAll(told("init", plugin, fault));
    return found.isEmpty()
        ? new PluginState(plugin, Status.SKIPPED, "a plugin that it needs has wrong values")
        : failed(plugin, fault, found, problems);
  }

  /** What was wrong with sections so far. */
  private List<Problem> bound() {
    return wiring.configurer().map(Configurer::problems).orElse(List.of());
  }

  private static Stream<String> needs(PluginInfo plugin) {
    return plugin.needs().stream().flatMap(need -> need.offeredBy().stream());
  }

  /** Problems of the configuration speak for themselves. */
  private List<Problem> told(String phase, PluginInfo plugin, Throwable fault) {
    if (fault instanceof ConfigException e) {
      return e.problems();
    }
    if (shaken.contains(plugin.id())) {
      return List.of();
    }
    String message = phase + " error from the plugin " + plugin.id() + ": " + ErrorText.text(fault);
    return List.of(new Problem(new Problem.Place(null, 0, ""), message));
  }

  private PluginState failed(
      PluginInfo plugin, Throwable cause, List<Problem> found, Problems into) {
    found.forEach(into::add);
    causes.add(cause);
    String reason = found.stream().map(Problem::toString).collect(Collectors.joining("; "));
    return new PluginState(plugin, Status.FAILED, reason);
  }
}
