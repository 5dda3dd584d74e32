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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Constructs and initialises plugins in the assembly's order, and examines those that live. As that
 * order is topological, one pass is the fixpoint: whatever a plugin needs has been decided before
 * it. One use, the kernel's thread.
 */
final class PluginInitializer {
  private final Wiring wiring;
  private final Map<String, PluginState> states;
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<Throwable> causes = new ArrayList<>();

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

  /** Has every plugin that lives collect, then every one that could check what it has. */
  void examine() {
    List<PluginInfo> living =
        states.values().stream().filter(PluginState::live).map(PluginState::plugin).toList();
    for (PluginInfo plugin : living.stream().filter(this::collect).toList()) {
      check(plugin);
    }
  }

  /**
   * Whether the plugin took all that is offered to it. Collecting constructs nothing: what is
   * offered was initialised before, and lives.
   */
  private boolean collect(PluginInfo plugin) {
    try {
      wiring.collect(plugin.id());
      return true;
    } catch (RuntimeException | LinkageError e) {
      states.put(plugin.id(), failed(plugin, e, words("collect", plugin, e)));
      return false;
    }
  }

  private void check(PluginInfo plugin) {
    if (!(wiring.plugin(plugin.id()) instanceof Lifecycle lifecycle)) {
      return;
    }
    // A plugin may report problems with their places, throw, or do the one and then the other.
    Problems found = new Problems();
    List<String> lines = new ArrayList<>();
    Throwable cause = null;
    try {
      lifecycle.check(found);
    } catch (Exception | LinkageError e) {
      cause = e;
      lines.addAll(words("check", plugin, e));
    }
    lines.addAll(0, found.found().stream().map(Problem::toString).toList());
    if (!lines.isEmpty()) {
      states.put(
          plugin.id(),
          failed(plugin, cause == null ? new ConfigException(found.found()) : cause, lines));
    }
  }

  /** Everything that failed, without repetition. */
  List<String> problems() {
    return List.copyOf(problems);
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
        || need.offeredBy().stream().anyMatch(this::live);
  }

  private boolean live(String id) {
    PluginState state = states.get(id);
    return state != null && state.live();
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
    try {
      // The first call for it: the wiring runs its constructor, which decodes its section.
      if (wiring.plugin(plugin.id()) instanceof Lifecycle lifecycle) {
        lifecycle.init();
      }
      return new PluginState(plugin, Status.LIVE, "");
    } catch (PluginDisabled e) {
      return new PluginState(plugin, Status.DISABLED, ErrorText.text(e));
    } catch (Exception | LinkageError e) {
      return failed(plugin, e, words("init", plugin, e));
    }
  }

  /** Problems of the configuration speak for themselves. */
  private static List<String> words(String phase, PluginInfo plugin, Throwable fault) {
    return fault instanceof ConfigException e
        ? e.problems().stream().map(Problem::toString).toList()
        : List.of(phase + " error from the plugin " + plugin.id() + ": " + ErrorText.text(fault));
  }

  private PluginState failed(PluginInfo plugin, Throwable cause, List<String> found) {
    problems.addAll(found);
    causes.add(cause);
    return new PluginState(plugin, Status.FAILED, String.join("; ", found));
  }
}
