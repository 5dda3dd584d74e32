package dev.rr.build.select;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Versions;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.Graph;
import dev.rr.processor.root.SelectedPlugin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turns the user's words into a selection that fits together, or into everything that is wrong with
 * it.
 */
public final class Selector {
  private final Resolver resolver;
  private final Optional<Input> own;
  private final Versions versions;

  /**
   * Makes one.
   *
   * @param own the folder of classes of the user's own module, if there is one
   */
  public Selector(Resolver resolver, Optional<Input> own, Versions versions) {
    this.resolver = resolver;
    this.own = own;
    this.versions = versions;
  }

  /**
   * Selects.
   *
   * @param names short names, {@code groupId:artifactId} or {@code groupId:artifactId:version}
   * @param autoAdd whether plugins of rr are added when something needs them
   * @throws BuildException with every problem
   */
  public Selection select(Collection<String> names, boolean autoAdd) throws BuildException {
    KnownPlugins known = KnownPlugins.read(resolver.catalogue());
    RequestedPlugins asked = new RequestedPlugins(names, known);
    RequestedPlugins requested = asked;
    while (true) {
      List<String> problems = new ArrayList<>();
      List<Coordinates> coordinates = requested.coordinates(resolver, problems);
      List<Input> inputs = resolver.runtime(coordinates);
      Graph graph = new Graph(members(coordinates, inputs, problems));
      Checks checks = new Checks(known);
      RequestedPlugins more = autoAdd ? checks.closed(graph, requested) : requested;
      if (problems.isEmpty() && !more.toString().equals(requested.toString())) {
        requested = more;
        continue;
      }
      problems.addAll(checks.missing(graph, requested));
      problems.addAll(Checks.cycles(graph));
      problems.addAll(ContractChecks.of(graph.members(), inputs));
      if (requested.isEmpty() && graph.members().isEmpty()) {
        problems.add(
            "No plugin is chosen. Name some, by -Drr.plugins=config,logger,server,http,"
                + " -Drr.preset=web, or in rr-build.yaml; rr:init -Drr.from= takes those of a"
                + " .rr.yaml or a velox.toml. These are known: "
                + String.join(", ", known.names()));
      }
      if (!problems.isEmpty()) {
        throw new BuildException(problems);
      }
      return new Selection(
          graph,
          catalogue(known, graph),
          inputs,
          added(asked, requested),
          hints(coordinates, inputs));
    }
  }

  private List<SelectedPlugin> members(
      List<Coordinates> coordinates, List<Input> inputs, List<String> problems)
      throws BuildException {
    Set<String> found = coordinates.stream().map(Coordinates::key).collect(Collectors.toSet());
    List<SelectedPlugin> members = new ArrayList<>();
    for (Input input : inputs) {
      boolean mine = own.isPresent() && own.get().equals(input);
      boolean named =
          found.contains(input.coordinates().key()) && input.coordinates().classifier().isEmpty();
      if (mine || named) {
        int before = members.size() + problems.size();
        members.addAll(DescriptorReader.read(input, problems));
        if (members.size() + problems.size() == before) {
          checkEmpty(input, mine, problems);
        }
      }
    }
    return Checks.distinct(members, problems);
  }

  /** A dependency may hold a plugin; that alone does not choose it. */
  private List<String> hints(List<Coordinates> coordinates, List<Input> inputs)
      throws BuildException {
    List<String> hints = new ArrayList<>();
    for (Input input : inputs) {
      boolean chosen =
          coordinates.contains(input.coordinates()) || own.filter(input::equals).isPresent();
      if (!chosen) {
        for (SelectedPlugin other : DescriptorReader.read(input, new ArrayList<>())) {
          hints.add(
              "%s is on the class path and holds the plugin %s, which is not chosen; add %s to rr.plugins if it is to be"
                  .formatted(input.coordinates(), other.id(), input.coordinates().key()));
        }
      }
    }
    return hints;
  }

  private void checkEmpty(Input input, boolean mine, List<String> problems) throws BuildException {
    boolean annotated = DescriptorReader.hasAnnotatedClass(input);
    // The user's module need not be a plugin; what was named as one must.
    if (annotated || !mine) {
      problems.add(Checks.noPlugin(input, annotated, versions.rr()));
    }
  }

  private static List<CatalogueEntry> catalogue(KnownPlugins known, Graph graph) {
    Map<String, CatalogueEntry> byId = new TreeMap<>();
    known.entries().forEach(e -> byId.put(e.id(), e));
    graph.members().forEach(m -> byId.put(m.id(), CatalogueEntry.of(m, "")));
    return List.copyOf(byId.values());
  }

  private static List<String> added(RequestedPlugins asked, RequestedPlugins got) {
    List<String> added = new ArrayList<>(Arrays.asList(got.toString().split(",", -1)));
    added.removeAll(Arrays.asList(asked.toString().split(",", -1)));
    return added;
  }
}
