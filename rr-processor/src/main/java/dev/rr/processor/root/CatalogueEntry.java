package dev.rr.processor.root;

import java.util.Comparator;
import java.util.List;

/**
 * A plugin that exists, in a selection or outside it.
 *
 * @param id its id
 * @param coordinates {@code groupId:artifactId:version}
 * @param needs the contracts it cannot do without, in declaration order
 * @param offers what it offers, sorted by contract, then name
 * @param sections the configuration sections it reads, sorted; not those that its host hands over
 * @param description one sentence, or empty
 */
public record CatalogueEntry(
    String id,
    String coordinates,
    List<String> needs,
    List<Offer> offers,
    List<String> sections,
    String description) {
  public CatalogueEntry {
    needs = List.copyOf(needs);
    offers = List.copyOf(offers);
    sections = List.copyOf(sections);
  }

  /**
   * A contract the plugin offers.
   *
   * @param contract the qualified interface name
   * @param name by which a configuration chooses it
   */
  public record Offer(String contract, String name) {}

  /** Whether it offers the contract, under any name. */
  public boolean offers(String contract) {
    return offers.stream().anyMatch(o -> o.contract().equals(contract));
  }

  /** What a member's descriptor tells about it. */
  public static CatalogueEntry of(SelectedPlugin member, String description) {
    var d = member.descriptor();
    List<String> read =
        d.sections().stream()
            .filter(s -> s.driver().isEmpty() && !s.key().isEmpty())
            .map(s -> s.key())
            .distinct()
            .sorted()
            .toList();
    return new CatalogueEntry(
        d.id(),
        member.coordinates(),
        d.needs().stream()
            .filter(n -> !n.optional() && !n.contract().equals(Graph.HOST))
            .map(n -> n.contract())
            .distinct()
            .toList(),
        d.offers().stream()
            .map(o -> new Offer(o.contract(), o.name()))
            .distinct()
            .sorted(Comparator.comparing(Offer::contract).thenComparing(Offer::name))
            .toList(),
        d.sections().isEmpty() ? d.enabledBy().stream().sorted().toList() : read,
        description);
  }
}
