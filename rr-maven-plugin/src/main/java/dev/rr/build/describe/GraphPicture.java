package dev.rr.build.describe;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.processor.root.Graph;
import dev.rr.processor.root.SelectedPlugin;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Ways to draw a graph. Arrows point from who offers to who needs, as in the pictures that the
 * built file draws of itself. The same graph gives the same text.
 */
public enum GraphPicture {
  MERMAID {
    @Override
    public String draw(Graph graph) {
      StringBuilder text = new StringBuilder("graph LR\n");
      graph.order().forEach(m -> text.append("  ").append(m.id()).append('\n'));
      for (Graph.Arrow a : graph.arrows()) {
        String line = a.strength() == Graph.DependencyKind.HARD ? "-->" : "-.->";
        text.append("  %s %s|\"%s\"| %s\n".formatted(a.to(), line, label(a), a.from()));
      }
      return text.toString();
    }
  },
  DOT {
    @Override
    public String draw(Graph graph) {
      StringBuilder text = new StringBuilder("digraph rr {\n  rankdir=LR;\n");
      graph.order().forEach(m -> text.append("  \"%s\";\n".formatted(m.id())));
      for (Graph.Arrow a : graph.arrows()) {
        String style = a.strength() == Graph.DependencyKind.HARD ? "solid" : "dashed";
        text.append(
            "  \"%s\" -> \"%s\" [label=\"%s\", style=%s];\n"
                .formatted(a.to(), a.from(), label(a), style));
      }
      return text.append("}\n").toString();
    }
  },
  JSON {
    @Override
    public String draw(Graph graph) {
      Map<String, Integer> levels = graph.levels();
      JsonArray plugins = new JsonArray();
      for (SelectedPlugin member : graph.order()) {
        JsonObject plugin = new JsonObject();
        plugin.addProperty("id", member.id());
        plugin.addProperty("coordinates", member.coordinates());
        plugin.addProperty("weight", member.descriptor().weight());
        plugin.addProperty("level", levels.get(member.id()));
        plugins.add(plugin);
      }
      JsonArray arrows = new JsonArray();
      for (Graph.Arrow a : graph.arrows()) {
        JsonObject arrow = new JsonObject();
        arrow.addProperty("from", a.to());
        arrow.addProperty("to", a.from());
        arrow.addProperty("contract", a.contract());
        arrow.addProperty("strength", a.strength().name().toLowerCase(Locale.ROOT));
        arrows.add(arrow);
      }
      JsonObject root = new JsonObject();
      root.add("plugins", plugins);
      root.add("arrows", arrows);
      return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(root)
          + "\n";
    }
  };

  /** The text, which ends in a newline. */
  public abstract String draw(Graph graph);

  /** The picture of this name. */
  public static GraphPicture of(String name) throws BuildException {
    return Arrays.stream(values())
        .filter(p -> p.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new BuildException("rr.format is " + name + "; allowed are " + names()));
  }

  private static String label(Graph.Arrow arrow) {
    String simple = arrow.contract().substring(arrow.contract().lastIndexOf('.') + 1);
    return switch (arrow.strength()) {
      case HARD -> simple;
      case SOFT -> simple + " (optional)";
      case COLLECTED -> simple + " (collected)";
    };
  }

  private static String names() {
    return Arrays.stream(values())
        .map(p -> p.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
