package dev.rr.plugin.status;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.log.Log;
import dev.rr.plugin.status.Check.Told;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The plugins that tell how they are. Filled before anything starts, then asked by any thread. Logs
 * when a plugin that was well no longer is, and when it is again.
 */
final class HealthChecks {
  private final Duration timeout;
  private final Log log;
  private final Map<Probe, NavigableMap<String, Check<Health>>> checks = new EnumMap<>(Probe.class);
  private final Set<String> unwell = ConcurrentHashMap.newKeySet();

  HealthChecks(Duration timeout, Log log) {
    this.timeout = timeout;
    this.log = log;
    for (Probe probe : Probe.values()) {
      checks.put(probe, new TreeMap<>());
    }
  }

  /** Adds a plugin. Of two by one name the first stays. */
  void add(String name, HealthCheck plugin) {
    checks.forEach(
        (probe, all) -> all.putIfAbsent(name, new Check<>(() -> probe.ask(plugin), timeout)));
  }

  /** The names of all plugins, sorted. */
  Collection<String> names() {
    return checks(Probe.LIVE).navigableKeySet();
  }

  private NavigableMap<String, Check<Health>> checks(Probe probe) {
    return checks.getOrDefault(probe, new TreeMap<>());
  }

  /** Asks a plugin; null when it is none that could tell. */
  @Nullable CompletableFuture<Told<Health>> ask(Probe probe, String name) {
    Check<Health> check = checks(probe).get(name);
    return check == null
        ? null
        : check.ask().whenComplete((told, never) -> notice(probe, name, told));
  }

  /**
   * Asks several plugins at the same time, each once, however often it is named.
   *
   * @return by name; without those that cannot tell
   */
  CompletableFuture<Map<String, Told<Health>>> ask(Probe probe, Collection<String> names) {
    Map<String, CompletableFuture<Told<Health>>> asked = new LinkedHashMap<>();
    for (String name : Set.copyOf(names)) {
      CompletableFuture<Told<Health>> answer = ask(probe, name);
      if (answer != null) {
        asked.put(name, answer);
      }
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
        .thenApply(all -> {
          Map<String, Told<Health>> told = new LinkedHashMap<>();
          asked.forEach((name, answer) -> told.put(name, answer.join()));
          return told;
        });
  }

  private void notice(Probe probe, String name, Told<Health> told) {
    Health health = told.value();
    boolean well = health != null && health.status() < 500;
    // Not to be ready is a part of life under load.
    Log.Level level = probe == Probe.LIVE ? Log.Level.WARN : Log.Level.DEBUG;
    if (!well && unwell.add(probe + name)) {
      Object status = health == null ? told.error() : health.status();
      log.log(level, "a plugin is not well", null, "plugin", name, "probe", probe, "told", status);
    } else if (well && unwell.remove(probe + name)) {
      log.log(level, "a plugin is well again", null, "plugin", name, "probe", probe);
    }
  }

  /** Interrupts plugins that are still thinking. */
  void stop() {
    List.copyOf(checks.values()).forEach(all -> all.values().forEach(Check::stop));
  }
}
