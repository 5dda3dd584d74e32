package dev.rr.api.plugin;

/**
 * Tells a {@code @Collects} method who offers.
 *
 * @param id the offering plugin's id
 * @param weight its weight
 * @param name the name by which a configuration chooses the offer, of the method's first contract;
 *     the plugin's id unless its {@code @Offers} says another
 */
public record Named(String id, int weight, String name) {
  /** An offer under the plugin's id. */
  public Named(String id, int weight) {
    this(id, weight, id);
  }
}
