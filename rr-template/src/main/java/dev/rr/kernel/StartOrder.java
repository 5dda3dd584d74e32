package dev.rr.kernel;

import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order in which plugins start: what a plugin needs starts before it, and so does what it
 * collects, unless it is heavier; among those ready the heavier first, then the assembly's order.
 * So a driver has started before it is asked to open something, and RPC, which is heavy, listens
 * before the workers that call it while they boot; a plugin that went ahead in this way also
 * outlives those it passed. Pure.
 */
final class StartOrder {
  private StartOrder() {}

  /** Sorts living plugins, given in the assembly's order. */
  static List<PluginInfo> of(List<PluginInfo> living) {
    Map<String, Integer> waiting =
        living.stream().collect(Collectors.toMap(PluginInfo::id, PluginInfo::weight));
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

  /**
   * Whether nothing holds a plugin back.
   *
   * @param waiting the weights of those that have not started
   */
  private static boolean isReady(PluginInfo plugin, Map<String, Integer> waiting) {
    return plugin.needs().stream()
        .noneMatch(need ->
            need.offeredBy().stream()
                .filter(id -> !id.equals(plugin.id()))
                .anyMatch(id -> holdsBack(need, waiting.get(id), plugin)));
  }

  private static boolean holdsBack(Need need, @Nullable Integer weight, PluginInfo plugin) {
    return weight != null && (need.strength() != Strength.COLLECTED || weight >= plugin.weight());
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
