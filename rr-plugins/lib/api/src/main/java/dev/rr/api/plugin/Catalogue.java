package dev.rr.api.plugin;

import java.util.List;
import java.util.Optional;

/**
 * Every plugin that was known when this binary was built, so that a message can name the one that
 * is missing. Immutable.
 *
 * @param entries sorted by id
 */
public record Catalogue(List<Entry> entries) {
  /** A catalogue that knows nothing. */
  public static final Catalogue EMPTY = new Catalogue(List.of());

  public Catalogue {
    entries = List.copyOf(entries);
  }

  /**
   * One plugin.
   *
   * @param id its id
   * @param coordinates {@code groupId:artifactId:version}
   * @param builtIn whether it is in this binary
   * @param sections the configuration sections it reads, as dotted key paths
   * @param offers what it offers
   */
  public record Entry(
      String id, String coordinates, boolean builtIn, List<String> sections, List<Offer> offers) {
    public Entry {
      sections = List.copyOf(sections);
      offers = List.copyOf(offers);
    }

    /** The names under which it offers {@code contract}; empty when it does not. */
    public List<String> names(Class<?> contract) {
      return offers.stream()
          .filter(o -> o.contract().equals(contract.getName()))
          .map(Offer::name)
          .toList();
    }
  }

  /**
   * What a plugin offers.
   *
   * @param contract the qualified interface name
   * @param name by which a configuration chooses it
   */
  public record Offer(String contract, String name) {
    /** The plugin's offer of {@code contract} by {@code name}. */
    public static Offer of(Class<?> contract, String name) {
      return new Offer(contract.getName(), name);
    }
  }

  /** The plugin with this id. */
  public Optional<Entry> find(String id) {
    return entries.stream().filter(e -> e.id().equals(id)).findFirst();
  }

  /** Plugins that offer {@code contract}, by id. */
  public List<Entry> offering(Class<?> contract) {
    return entries.stream().filter(e -> !e.names(contract).isEmpty()).toList();
  }

  /** Plugins that read {@code section} or a part of it, by id. */
  public List<Entry> reading(String section) {
    return entries.stream()
        .filter(e ->
            e.sections().stream().anyMatch(s -> s.equals(section) || s.startsWith(section + ".")))
        .toList();
  }
}
