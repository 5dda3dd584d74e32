package dev.rr.cli.plugins;

import dev.rr.kernel.PluginInfo.Need;
import dev.rr.kernel.PluginInfo.Strength;
import dev.rr.kernel.PluginState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes the graph of a kernel whose plugins are initialised. An edge points from who offers to who
 * needs. Immutable.
 */
public final class GraphText {
  private final List<PluginState> states;
  private final List<Edge> edges;

  private record Edge(String from, String to, Strength strength, String contract) {
    String label() {
      return contract.substring(contract.lastIndexOf('.') + 1);
    }
  }

  /** Draws what {@code init} left. */
  public GraphText(List<PluginState> states) {
    this.states = states;
    Set<Edge> found = new LinkedHashSet<>();
    for (PluginState state : states) {
      for (Need need : state.plugin().needs()) {
        need.offeredBy()
            .forEach(from ->
                found.add(new Edge(from, state.plugin().id(), need.strength(), need.contract())));
      }
    }
    this.edges = List.copyOf(found);
  }

  String mermaid() {
    StringBuilder out = new StringBuilder("graph LR\n");
    for (PluginState state : states) {
      String id = state.plugin().id();
      out.append("  %s[\"%s\"]:::%s%n".formatted(node(id), id, colour(state)));
    }
    for (Edge edge : edges) {
      String arrow = edge.strength() == Strength.HARD ? "-->" : "-.->";
      out.append(
          "  %s %s|%s| %s%n".formatted(node(edge.from()), arrow, edge.label(), node(edge.to())));
    }
    out.append("  classDef live fill:#d5f5e3,stroke:#1e8449,color:#000\n");
    out.append("  classDef disabled fill:#eee,stroke:#999,color:#777\n");
    return out.append("  classDef failed fill:#fadbd8,stroke:#b03a2e,color:#000\n").toString();
  }

  /** Mermaid has reserved words such as {@code end}. */
  private static String node(String id) {
    return "p_" + id.replaceAll("[^A-Za-z0-9_]", "_");
  }

  private static String colour(PluginState state) {
    return switch (state.status()) {
      case LIVE -> "live";
      case DISABLED -> "disabled";
      case FAILED, SKIPPED -> "failed";
    };
  }

  /** For Graphviz. */
  public String dot() {
    StringBuilder out = new StringBuilder("digraph rr {\n  rankdir=LR;\n  node [style=filled];\n");
    for (PluginState state : states) {
      String fill =
          switch (colour(state)) {
            case "live" -> "#d5f5e3";
            case "disabled" -> "#eeeeee";
            default -> "#fadbd8";
          };
      out.append("  \"%s\" [fillcolor=\"%s\"];%n".formatted(state.plugin().id(), fill));
    }
    for (Edge edge : edges) {
      String style = edge.strength() == Strength.HARD ? "solid" : "dashed";
      out.append(
          "  \"%s\" -> \"%s\" [label=\"%s\", style=%s];%n"
              .formatted(edge.from(), edge.to(), edge.label(), style));
    }
    return out.append("}\n").toString();
  }

  String json() {
    List<String> nodes = new ArrayList<>();
    for (PluginState state : states) {
      nodes.add(
          "{\"id\":%s,\"version\":%s,\"weight\":%d,\"level\":%d,\"state\":%s,\"reason\":%s}"
              .formatted(
                  quote(state.plugin().id()),
                  quote(state.plugin().version()),
                  state.plugin().weight(),
                  state.plugin().level(),
                  quote(state.status().name().toLowerCase(Locale.ROOT)),
                  quote(state.reason())));
    }
    List<String> lines = new ArrayList<>();
    for (Edge edge : edges) {
      lines.add(
          "{\"from\":%s,\"to\":%s,\"strength\":%s,\"contract\":%s}"
              .formatted(
                  quote(edge.from()),
                  quote(edge.to()),
                  quote(edge.strength().name().toLowerCase(Locale.ROOT)),
                  quote(edge.contract())));
    }
    String separator = ",\n    ";
    return "{\n  \"plugins\": [\n    %s\n  ],\n  \"edges\": [\n    %s\n  ]\n}\n"
        .formatted(String.join(separator, nodes), String.join(separator, lines));
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
