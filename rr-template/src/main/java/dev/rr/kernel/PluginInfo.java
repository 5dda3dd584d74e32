package dev.rr.kernel;

import java.util.List;

/**
 * A plugin as {@code rr:build} left it.
 *
 * @param id its id
 * @param version the version of the artifact it came from
 * @param weight its weight
 * @param level 0 for a plugin without needs, else one more than the highest level of what it needs
 *     or collects; plugins stop from the highest level down
 * @param enabledBy the sections that enable it; empty when it always is
 * @param anySection whether one of those sections is enough
 * @param needs its hard and soft needs and what it collects, in declaration order
 * @param offers the contracts it offers, as qualified interface names
 */
public record PluginInfo(
    String id,
    String version,
    int weight,
    int level,
    List<String> enabledBy,
    boolean anySection,
    List<Need> needs,
    List<String> offers) {

  public PluginInfo {
    enabledBy = List.copyOf(enabledBy);
    needs = List.copyOf(needs);
    offers = List.copyOf(offers);
  }

  /** How much a plugin depends on a contract. */
  public enum Strength {
    HARD,
    SOFT,
    COLLECTED
  }

  /**
   * A contract the plugin needs.
   *
   * @param contract the qualified interface name
   * @param offeredBy plugins of this binary that offer it, in the order they are taken
   */
  public record Need(String contract, Strength strength, List<String> offeredBy) {
    public Need {
      offeredBy = List.copyOf(offeredBy);
    }
  }
}
