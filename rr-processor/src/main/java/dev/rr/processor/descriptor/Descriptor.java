package dev.rr.processor.descriptor;

import java.util.List;

/**
 * A plugin's facts, as in {@code META-INF/rr/plugin/<id>.json}.
 *
 * @param format the version of this format, {@link #FORMAT}
 * @param id the plugin's id
 * @param type the plugin class, qualified
 * @param module the generated Dagger module, qualified
 * @param weight its weight
 * @param enabledBy the sections that enable it; empty when it always is
 * @param anySection whether one of them is enough
 * @param needs constructor parameters that are contracts, in declaration order; a plugin with a
 *     configuration record needs {@code dev.rr.api.config.Configurer} as well
 * @param offers what it offers, sorted by contract, then method
 * @param collects its {@code @Collects} methods in declaration order
 * @param sections the configuration sections it reads
 * @param rpc names of its RPC methods, sorted
 * @param contracts the contracts above as they were when this was compiled, sorted by name; empty
 *     in descriptors of before
 */
public record Descriptor(
    int format,
    String id,
    String type,
    String module,
    int weight,
    List<String> enabledBy,
    boolean anySection,
    List<DeclaredNeed> needs,
    List<Offer> offers,
    List<Collect> collects,
    List<Section> sections,
    List<String> rpc,
    List<ContractShape> contracts) {

  /** The version of the format that this code reads and writes. */
  public static final int FORMAT = 2;

  /**
   * A contract that the constructor takes.
   *
   * @param contract the qualified interface name
   * @param optional whether it is taken as {@code Optional}
   */
  public record DeclaredNeed(String contract, boolean optional) {}

  /**
   * A contract the plugin offers.
   *
   * @param contract the qualified interface name
   * @param method the {@code @Offers} method; empty when the plugin itself implements the contract
   * @param name by which a configuration chooses it; the plugin's id unless it says another
   */
  public record Offer(String contract, String method, String name) {}

  /**
   * A {@code @Collects} method.
   *
   * @param method its name
   * @param parameters qualified type names in order: contracts, and at most one {@code
   *     dev.rr.api.plugin.Named}
   */
  public record Collect(String method, List<String> parameters) {}

  /**
   * A configuration section.
   *
   * @param key its dotted key path, with a {@code *} for the user's name in that of a driver
   * @param driver what stands as {@code driver} beside such a section; empty for others
   * @param binder the generated binder, qualified
   * @param schema its JSON schema
   */
  public record Section(
      String key, String driver, String binder, com.google.gson.JsonObject schema) {}
}
