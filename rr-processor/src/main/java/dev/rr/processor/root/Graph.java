package dev.rr.processor.root;

import dev.rr.processor.base.ClassNames;
import dev.rr.processor.descriptor.Descriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who needs what from whom in a selection of plugins with distinct ids. Every list it returns is a
 * pure function of the set of members. Immutable.
 */
public final class Graph {
  /** The contract that the kernel itself offers. */
  public static final String HOST = ClassNames.HOST.canonicalName();

  /** The type that tells a collecting method who offers; not a contract. */
  public static final String NAMED = ClassNames.NAMED.canonicalName();

  private static final Comparator<SelectedPlugin> TAKEN_FIRST =
      Comparator.comparingInt((SelectedPlugin m) -> -m.descriptor().weight())
          .thenComparing(SelectedPlugin::id);

  private final List<SelectedPlugin> members;
  private final Map<String, List<Offering>> offers = new TreeMap<>();
  private final List<Arrow> arrows;

  /**
   * Draws the graph.
   *
   * @throws IllegalArgumentException when two members have one id
   */
  public Graph(Collection<SelectedPlugin> members) {
    this.members = members.stream().sorted(Comparator.comparing(SelectedPlugin::id)).toList();
    if (this.members.stream().map(SelectedPlugin::id).distinct().count() != this.members.size()) {
      throw new IllegalArgumentException("two plugins have one id: " + this.members);
    }
    this.members.stream().sorted(TAKEN_FIRST).forEach(this::addOffers);
    this.arrows = this.members.stream().flatMap(this::arrowsOf).toList();
  }

  /**
   * How much a plugin depends on a contract. The assembly that is written names these constants in
   * {@code PluginInfo.Strength}, which is in the server: it has none of the processor's classes.
   */
  public enum DependencyKind {
    HARD,
    SOFT,
    COLLECTED
  }

  /**
   * One offer of a contract.
   *
   * @param member the plugin that offers
   * @param method the {@code @Offers} method; empty when the plugin implements the contract
   * @param name by which a configuration chooses it
   */
  public record Offering(SelectedPlugin member, String method, String name) {
    /** The key of this offer in the multibound maps of the generated modules. */
    public String key() {
      return method.isEmpty() ? member.id() : member.id() + "#" + method;
    }
  }

  /**
   * One plugin depends on another.
   *
   * @param from the id of the plugin that needs
   * @param to the id of the plugin that offers
   * @param contract what is needed
   */
  public record Arrow(String from, String to, String contract, DependencyKind strength) {}

  /**
   * A contract that a plugin depends on, whether or not somebody offers it.
   *
   * @param offeredBy ids of other plugins that offer it, in the order in which they are taken
   */
  public record Dependency(String contract, DependencyKind strength, List<String> offeredBy) {}

  /**
   * A hard need that nobody in the selection meets.
   *
   * @param member who needs
   * @param contract what is needed
   */
  public record Missing(SelectedPlugin member, String contract) {}

  /** The plugins, by id. */
  public List<SelectedPlugin> members() {
    return members;
  }

  /**
   * The offers of a contract in the order in which they are taken: weight descending, id, method.
   */
  public List<Offering> offers(String contract) {
    return offers.getOrDefault(contract, List.of());
  }

  /**
   * Of each plugin that offers a contract its first offer; who needs one offer never takes another.
   */
  List<Offering> firstOffers(String contract) {
    Set<String> seen = new HashSet<>();
    return offers(contract).stream().filter(o -> seen.add(o.member().id())).toList();
  }

  /** Every dependency of one plugin on another, by the id of who needs, in declaration order. */
  public List<Arrow> arrows() {
    return arrows;
  }

  /** What a plugin depends on, in declaration order; what the kernel offers is left out. */
  public List<Dependency> needs(SelectedPlugin member) {
    Descriptor d = member.descriptor();
    Set<Dependency> all = new LinkedHashSet<>();
    d.needs().stream()
        .filter(n -> !n.contract().equals(HOST))
        .forEach(n ->
            all.add(
                new Dependency(n.contract(), strength(n), others(member, Set.of(n.contract())))));
    for (Descriptor.Collect collect : d.collects()) {
      Set<String> contracts = contracts(collect);
      List<String> from = others(member, contracts);
      contracts.forEach(c -> all.add(new Dependency(c, DependencyKind.COLLECTED, from)));
    }
    return List.copyOf(all);
  }

  /**
   * The members other than {@code member} that offer all contracts, in the order in which they are
   * taken.
   */
  public List<SelectedPlugin> offeringAll(SelectedPlugin member, Set<String> contracts) {
    return members.stream()
        .filter(m -> !m.id().equals(member.id()))
        .filter(m -> contracts.stream().allMatch(c -> isOfferedBy(m, c)))
        .sorted(TAKEN_FIRST)
        .toList();
  }

  /** The contracts among a collecting method's parameters, in their order. */
  public static Set<String> contracts(Descriptor.Collect collect) {
    Set<String> contracts = new LinkedHashSet<>(collect.parameters());
    contracts.remove(NAMED);
    return contracts;
  }

  /** Hard needs that nobody meets, by the id of who needs. */
  public List<Missing> missing() {
    return members.stream()
        .flatMap(m ->
            needs(m).stream()
                .filter(n -> n.strength() == DependencyKind.HARD && n.offeredBy().isEmpty())
                .map(n -> new Missing(m, n.contract())))
        .toList();
  }

  /**
   * The plugins in the order in which they are initialised and started: never before something they
   * depend on; among those ready the higher weight first, then the smaller id.
   *
   * @throws IllegalStateException when there is a cycle
   */
  public List<SelectedPlugin> order() {
    List<SelectedPlugin> waiting = new ArrayList<>(members);
    waiting.sort(TAKEN_FIRST);
    List<SelectedPlugin> order = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (SelectedPlugin next = ready(waiting, done); next != null; next = ready(waiting, done)) {
      waiting.remove(next);
      order.add(next);
      done.add(next.id());
    }
    if (order.size() != members.size()) {
      throw new IllegalStateException("a cycle: " + cycles());
    }
    return order;
  }

  /**
   * For each id 0 when it depends on nobody, else one more than the highest level of what it
   * depends on.
   */
  public Map<String, Integer> levels() {
    Map<String, Integer> levels = new TreeMap<>();
    for (SelectedPlugin member : order()) {
      int level =
          dependencies(member.id()).stream()
              .mapToInt(id -> levels.getOrDefault(id, 0) + 1)
              .max()
              .orElse(0);
      levels.put(member.id(), level);
    }
    return levels;
  }

  /**
   * One shortest cycle through each group of plugins that depend on each other; empty when there is
   * none.
   */
  public List<List<Arrow>> cycles() {
    List<List<Arrow>> cycles = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (SelectedPlugin member : members) {
      List<Arrow> cycle = seen.contains(member.id()) ? null : shortestCycle(member.id());
      if (cycle != null) {
        cycles.add(cycle);
        // Whoever reaches this cycle and is reached from it is in the same group: one message for
        // all.
        members.stream()
            .map(SelectedPlugin::id)
            .filter(id -> path(id, member.id()) != null && path(member.id(), id) != null)
            .forEach(seen::add);
      }
    }
    return cycles;
  }

  private @Nullable SelectedPlugin ready(List<SelectedPlugin> waiting, Set<String> done) {
    return waiting.stream()
        .filter(m -> done.containsAll(dependencies(m.id())))
        .findFirst()
        .orElse(null);
  }

  private @Nullable List<Arrow> shortestCycle(String id) {
    return path(id, id);
  }

  /** A shortest way along arrows of at least one step. */
  private @Nullable List<Arrow> path(String from, String to) {
    Map<String, List<Arrow>> ways = new HashMap<>();
    ArrayDeque<String> queue = new ArrayDeque<>(List.of(from));
    while (!queue.isEmpty()) {
      String at = queue.removeFirst();
      for (Arrow arrow : arrows) {
        if (arrow.from().equals(at) && !ways.containsKey(arrow.to())) {
          List<Arrow> way = new ArrayList<>(ways.getOrDefault(at, List.of()));
          way.add(arrow);
          if (arrow.to().equals(to)) {
            return way;
          }
          ways.put(arrow.to(), way);
          queue.addLast(arrow.to());
        }
      }
    }
    return null;
  }

  private Set<String> dependencies(String id) {
    Set<String> ids = new TreeSet<>();
    arrows.stream().filter(a -> a.from().equals(id)).forEach(a -> ids.add(a.to()));
    return ids;
  }

  private void addOffers(SelectedPlugin member) {
    member.descriptor().offers().stream()
        .sorted(
            Comparator.comparing(Descriptor.Offer::contract)
                .thenComparing(Descriptor.Offer::method))
        .forEach(o ->
            offers
                .computeIfAbsent(o.contract(), c -> new ArrayList<>())
                .add(new Offering(member, o.method(), o.name())));
  }

  private Stream<Arrow> arrowsOf(SelectedPlugin member) {
    return needs(member).stream()
        .flatMap(n ->
            n.offeredBy().stream()
                .map(to -> new Arrow(member.id(), to, n.contract(), n.strength())));
  }

  private List<String> others(SelectedPlugin member, Set<String> contracts) {
    return offeringAll(member, contracts).stream().map(SelectedPlugin::id).toList();
  }

  private static boolean isOfferedBy(SelectedPlugin member, String contract) {
    return member.descriptor().offers().stream().anyMatch(o -> o.contract().equals(contract));
  }

  private static DependencyKind strength(Descriptor.DeclaredNeed need) {
    return need.optional() ? DependencyKind.SOFT : DependencyKind.HARD;
  }
}
