package dev.rr.build.select;

import dev.rr.build.Input;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.Graph;
import dev.rr.processor.root.SelectedPlugin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What must hold for a selection, and how it is said when it does not. */
final class Checks {
  private final KnownPlugins known;

  Checks(KnownPlugins known) {
    this.known = known;
  }

  /** Of several plugins with one id the first; the others become problems. */
  static List<SelectedPlugin> distinct(Collection<SelectedPlugin> members, List<String> problems) {
    Map<String, SelectedPlugin> byId = new TreeMap<>();
    for (SelectedPlugin member : members) {
      SelectedPlugin other = byId.putIfAbsent(member.id(), member);
      if (other != null) {
        problems.add(
            """
            Two plugins have the id %s: %s in %s and %s in %s. \
            Leave one of them out, or rename yours in @Plugin("%s").\
            """
                .formatted(
                    member.id(),
                    other.descriptor().type(),
                    other.coordinates(),
                    member.descriptor().type(),
                    member.coordinates(),
                    member.id()));
      }
    }
    return List.copyOf(byId.values());
  }

  /** An artifact that was named as a plugin and holds none. */
  static String noPlugin(Input input, boolean annotated, String rr) {
    if (!annotated) {
      return input.coordinates()
          + " holds no plugin: it has no META-INF/rr/plugin/*.json and no class with @Plugin."
          + " A library belongs in the dependencies of the plugin that uses it.";
    }
    return """
    %s has a class with @Plugin but no META-INF/rr/plugin/*.json: it was compiled without rr-processor. \
    Since JDK 23 javac runs no processor unasked; configure maven-compiler-plugin and build it again:
      <configuration>
        <proc>full</proc>
        <annotationProcessorPaths>
          <path><groupId>dev.rr</groupId><artifactId>rr-processor</artifactId><version>%s</version></path>
        </annotationProcessorPaths>
      </configuration>\
    """
        .formatted(input.coordinates(), rr);
  }

  /** Every cycle with its path, and what each arrow of it is. */
  static List<String> cycles(Graph graph) {
    return graph.cycles().stream().map(Checks::cycle).toList();
  }

  private static String cycle(List<Graph.Arrow> cycle) {
    String path = cycle.stream().map(Graph.Arrow::from).collect(Collectors.joining(" -> "));
    StringBuilder text =
        new StringBuilder("Plugins wait for each other: " + path + " -> " + cycle.get(0).from());
    for (Graph.Arrow arrow : cycle) {
      text.append(
          "\n%s %s %s, offered by %s"
              .formatted(arrow.from(), verb(arrow), arrow.contract(), arrow.to()));
    }
    return text.append(
            "\n"
                + "Break it at one of these, for example by collecting later what one of them needs"
                + " now.")
        .toString();
  }

  private static String verb(Graph.Arrow arrow) {
    return switch (arrow.strength()) {
      case HARD -> "needs";
      case SOFT -> "may use";
      case COLLECTED -> "collects";
    };
  }

  /** Every need without an offer, with the line that adds what offers it. */
  List<String> missing(Graph graph, RequestedPlugins requested) {
    Set<String> meant = requested.meant();
    RequestedPlugins whole = closed(graph, requested);
    List<String> problems = new ArrayList<>();
    for (Graph.Missing missing : graph.missing()) {
      List<CatalogueEntry> offering = known.offering(missing.contract());
      // A misspelt name is a problem of its own; its consequences are not.
      if (offering.stream().noneMatch(e -> meant.contains(KnownPlugins.shortName(e)))) {
        problems.add(missing(missing, offering, whole));
      }
    }
    return problems;
  }

  private static String missing(
      Graph.Missing missing, List<CatalogueEntry> offering, RequestedPlugins whole) {
    String needs = missing.member().id() + " needs " + missing.contract() + "; ";
    if (offering.isEmpty()) {
      return needs
          + "no plugin of this selection and none of rr offers it: name the one that does in"
          + " rr.plugins, as groupId:artifactId:version";
    }
    String by =
        offering.stream()
            .map(e -> "plugin " + KnownPlugins.shortName(e) + " (" + e.coordinates() + ")")
            .collect(Collectors.joining(" or "));
    return needs
        + "offered by "
        + by
        + ": add it to rr.plugins: -Drr.plugins="
        + whole
        + ", or let -Drr.autoAdd do it";
  }

  /**
   * Those requested, misspelt names corrected, and, before each plugin, those of rr's that it
   * cannot do without.
   */
  RequestedPlugins closed(Graph graph, RequestedPlugins requested) {
    RequestedPlugins whole = requested.corrected();
    List<CatalogueEntry> meant = whole.beside(requested);
    Set<String> offered = new LinkedHashSet<>();
    Map<String, CatalogueEntry> added = new LinkedHashMap<>();
    meant.forEach(e -> e.offers().forEach(o -> offered.add(o.contract())));
    // A misspelt plugin is not in the graph.
    for (CatalogueEntry entry : meant) {
      for (String need : entry.needs()) {
        List<String> more = offering(graph, need, offered, added);
        whole = whole.with(more, KnownPlugins.shortName(entry));
      }
    }
    for (Graph.Missing missing : graph.missing()) {
      String before = known.find(missing.member().id()).map(KnownPlugins::shortName).orElse("");
      whole = whole.with(offering(graph, missing.contract(), offered, added), before);
    }
    return whole;
  }

  /**
   * What must be added for a contract that nobody offers yet: the first of rr's plugins that does,
   * after what that one needs.
   */
  private List<String> offering(
      Graph graph, String contract, Set<String> offered, Map<String, CatalogueEntry> added) {
    if (!graph.offers(contract).isEmpty() || offered.contains(contract)) {
      return List.of();
    }
    Optional<CatalogueEntry> first = known.offering(contract).stream().findFirst();
    List<String> all = new ArrayList<>();
    if (first.isPresent() && added.putIfAbsent(first.get().id(), first.get()) == null) {
      first.get().offers().forEach(o -> offered.add(o.contract()));
      first.get().needs().forEach(need -> all.addAll(offering(graph, need, offered, added)));
      all.add(KnownPlugins.shortName(first.get()));
    }
    return all;
  }
}
