package dev.rr.build.describe;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.Suggestions;
import dev.rr.build.application.Application;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.Graph;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a plugin, a jar or a megabyte is in the file. Immutable. */
public final class Explanation {
  private final Selection selection;
  private final Map<String, List<List<String>>> paths;
  private final Optional<Application> application;

  /**
   * Of a selection.
   *
   * @param paths for each artifact, by its coordinates, the shortest way to it from every plugin
   *     that brings it: coordinates, the plugin's first, its own last
   * @param application that goes into the file
   */
  public Explanation(
      Selection selection,
      Map<String, List<List<String>>> paths,
      Optional<Application> application) {
    this.selection = selection;
    this.paths = paths;
    this.application = application;
  }

  /** Everything in the file, the largest first, with what brings it. */
  public String all() {
    List<Input> inputs = new ArrayList<>(selection.inputs());
    inputs.sort(Comparator.comparingLong(Explanation::size).reversed());
    StringBuilder text = new StringBuilder();
    for (Input input : inputs) {
      text.append(line(input)).append('\n');
    }
    application.ifPresent(app -> text.append("The application: ").append(app.size()).append('\n'));
    return text.append(
            "%9.1f kB of jars in all, before they are packed%n".formatted(kilobytes(inputs)))
        .toString();
  }

  private String line(Input input) {
    List<String> who =
        ways(input).stream()
            .map(way -> way.get(0))
            .distinct()
            .filter(w -> !w.equals(name(input)))
            .toList();
    return "%9.1f kB  %s%s"
        .formatted(
            size(input) / 1e3, name(input), who.isEmpty() ? "" : "  for " + String.join(", ", who));
  }

  /**
   * One plugin or artifact.
   *
   * @param name a plugin's id, or a part of an artifact's coordinates
   * @throws BuildException when nothing in the file is called so
   */
  public String of(String name) throws BuildException {
    Graph graph = selection.graph();
    StringBuilder text = new StringBuilder();
    graph.order().stream()
        .filter(member -> member.id().equals(name) || member.id().equals(name.replace('-', '_')))
        .forEach(member -> text.append(plugin(member)));
    if (text.isEmpty()) {
      selection.inputs().stream()
          .filter(input -> name(input).contains(name))
          .forEach(input -> text.append(artifact(input)));
    }
    if (text.isEmpty()) {
      List<String> ids = graph.order().stream().map(SelectedPlugin::id).toList();
      List<String> near = Suggestions.to(name, ids);
      throw new BuildException(
          "nothing in the file is called %s; its plugins are %s%s"
              .formatted(
                  name,
                  String.join(", ", ids),
                  near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?"));
    }
    return text.toString();
  }

  private String plugin(SelectedPlugin member) {
    StringBuilder text = new StringBuilder(member.id() + ", " + member.coordinates() + "\n");
    boolean added =
        selection.added().stream().anyMatch(n -> n.replace('-', '_').equals(member.id()));
    text.append(
        added ? "  is there because rr.autoAdd added it\n" : "  is there because it is named\n");
    for (Graph.Dependency need : selection.graph().needs(member)) {
      text.append(
          "  %s %s, which %s\n"
              .formatted(
                  verb(need.strength()),
                  need.contract(),
                  need.offeredBy().isEmpty()
                      ? "nothing here offers"
                      : String.join(", ", need.offeredBy()) + " offers"));
    }
    String users =
        selection.graph().arrows().stream()
            .filter(a -> a.to().equals(member.id()))
            .map(a -> a.from() + " (" + verb(a.strength()) + " " + a.contract() + ")")
            .distinct()
            .collect(Collectors.joining(", "));
    text.append(users.isEmpty() ? "  is used by none\n" : "  is used by " + users + "\n");
    List<Input> alone =
        selection.inputs().stream()
            .filter(i -> bringers(i).equals(new TreeSet<>(List.of(member.coordinates()))))
            .toList();
    text.append("  brings %.1f kB that nothing else does:%n".formatted(kilobytes(alone)));
    alone.forEach(i -> text.append("  ").append(line(i)).append('\n'));
    return text.toString();
  }

  private static String verb(Graph.DependencyKind kind) {
    return switch (kind) {
      case HARD -> "needs";
      case SOFT -> "may use";
      case COLLECTED -> "collects";
    };
  }

  private String artifact(Input input) {
    StringBuilder text = new StringBuilder(name(input)).append('\n');
    text.append("  %.1f kB, %s%n".formatted(size(input) / 1e3, input.file()));
    for (List<String> way : ways(input)) {
      text.append("  by ").append(String.join(" > ", way)).append('\n');
    }
    return text.toString();
  }

  private List<List<String>> ways(Input input) {
    return paths.getOrDefault(name(input), List.of());
  }

  private TreeSet<String> bringers(Input input) {
    return ways(input).stream()
        .map(way -> way.get(0))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Input input) {
    return input.coordinates().toString();
  }

  private static double kilobytes(List<Input> inputs) {
    return inputs.stream().mapToLong(Explanation::size).sum() / 1e3;
  }

  private static long size(Input input) {
    try (Stream<Path> files = Files.walk(input.file())) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
