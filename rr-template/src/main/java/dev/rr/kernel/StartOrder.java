package dev.rr.kernel;

import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The order in which plugins start: what a plugin needs starts before it, and among those ready the
 * heavier first, then the assembly's order. What a plugin merely collects does not hold it back, so
 * that RPC listens before the workers that call it while they boot; a plugin that went ahead in
 * this way also outlives those it passed. Pure.
 */
final class StartOrder {
  private StartOrder() {}

  /** Sorts living plugins, given in the assembly's order. */
  static List<PluginInfo> of(List<PluginInfo> living) {
    Set<String> waiting = living.stream().map(PluginInfo::id).collect(Collectors.toSet());
    Set<PluginInfo> rest = new LinkedHashSet<>(living);
    List<PluginInfo> order = new ArrayList<>(living.size());
    while (!rest.isEmpty()) {
      PluginInfo next =
          rest.stream()
              .filter(plugin -> isReady(plugin, waiting))
              .min(Comparator.comparingInt(plugin -> -plugin.weight()))
              // The assembly has no cycles; were there one, its own order would do.
              .orElse(rest.iterator().next());
      rest.remove(next);
      waiting.remove(next.id());
      order.add(next);
    }
    return order;
  }

  private static boolean isReady(PluginInfo plugin, Set<String> waiting) {
    return plugin.needs().stream()
        .filter(need -> need.strength() != Strength.COLLECTED)
        .map(Need::offeredBy)
        .flatMap(List::stream)
        .noneMatch(id -> !id.equals(plugin.id()) && waiting.contains(id));
  }

  /**
   * When a plugin stops: those of the highest level first.
   *
   * @param assembly the order in which plugins were initialised
   * @param started the order in which they started
   */
  static int stopLevel(PluginInfo plugin, List<PluginInfo> assembly, List<PluginInfo> started) {
    List<PluginInfo> before = assembly.subList(0, assembly.indexOf(plugin));
    List<PluginInfo> after = started.subList(started.indexOf(plugin) + 1, started.size());
    int passed =
        before.stream()
            .filter(after::contains)
            .mapToInt(PluginInfo::level)
            .min()
            .orElse(Integer.MAX_VALUE);
    return Math.max(0, Math.min(plugin.level(), passed - 1));
  }
}
