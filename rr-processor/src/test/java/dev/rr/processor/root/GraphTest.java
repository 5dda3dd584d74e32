package dev.rr.processor.root;

import static dev.rr.processor.root.Plugins.graph;
import static dev.rr.processor.root.Plugins.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.processor.root.Graph.DependencyKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static List<String> order(Graph graph) {
    return graph.order().stream().map(SelectedPlugin::id).toList();
  }

  private static List<String> cycle(List<Graph.Arrow> arrows) {
    return arrows.stream().map(Graph.Arrow::from).toList();
  }

  @Test
  void whoOffersComesBeforeWhoNeedsMayUseOrCollects() {
    Graph graph =
        graph(
            plugin("a").needs("x.D"),
            plugin("b").mayUse("x.D").offers("x.B"),
            plugin("c").collects("take", "x.B"),
            plugin("d").offers("x.D"));
    assertThat(order(graph)).containsExactly("d", "a", "b", "c");
    assertThat(graph.levels()).isEqualTo(Map.of("d", 0, "a", 1, "b", 1, "c", 2));
  }

  @Test
  void amongTheReadyTheHigherWeightComesFirstThenTheSmallerId() {
    Graph graph =
        graph(
            plugin("z").weight(100),
            plugin("y"),
            plugin("b").weight(100),
            plugin("late").weight(1000).needs("x.Y"),
            plugin("yy").offers("x.Y"));
    assertThat(order(graph)).containsExactly("b", "z", "y", "yy", "late");
  }

  @Test
  void aHeavierOfferIsTakenFirstAndTiesGoByIdThenMethod() {
    Graph graph =
        graph(
            plugin("b").offersBy("two", "x.C").offersBy("one", "x.C"),
            plugin("a").offers("x.C"),
            plugin("heavy").weight(5).offers("x.C"),
            plugin("user").needs("x.C"));
    assertThat(graph.offers("x.C"))
        .extracting(Graph.Offering::key)
        .containsExactly("heavy", "a", "b#one", "b#two");
    assertThat(graph.needs(graph.members().get(3)))
        .containsExactly(
            new Graph.Dependency("x.C", DependencyKind.HARD, List.of("heavy", "a", "b")));
  }

  @Test
  void theKernelsHostIsNeverMissing() {
    assertThat(graph(plugin("a").needs(Graph.HOST)).missing()).isEmpty();
  }

  @Test
  void onlyHardNeedsCanBeMissing() {
    Graph graph = graph(plugin("a").needs("x.A").mayUse("x.B").collects("take", "x.C"));
    assertThat(graph.missing()).extracting(Graph.Missing::contract).containsExactly("x.A");
  }

  @Test
  void aPluginDoesNotMeetItsOwnNeed() {
    Graph graph = graph(plugin("a").needs("x.A").offers("x.A"));
    assertThat(graph.missing()).hasSize(1);
    assertThat(graph.cycles()).isEmpty();
  }

  @Test
  void severalContractsAreCollectedFromThoseThatOfferAll() {
    Graph graph =
        graph(
            plugin("both").offers("x.A", "x.B"),
            plugin("one").offers("x.A"),
            plugin("collector").collects("take", Graph.NAMED, "x.A", "x.B"));
    assertThat(graph.arrows()).extracting(Graph.Arrow::to).containsExactly("both", "both");
  }

  @Test
  void aCycleIsFoundOverEveryKindOfArrow() {
    Graph graph =
        graph(
            plugin("a").needs("x.B").offers("x.A"),
            plugin("b").collects("take", "x.C").offers("x.B"),
            plugin("c").mayUse("x.A").offers("x.C"),
            plugin("free").needs("x.A"));
    assertThat(graph.cycles()).hasSize(1);
    assertThat(cycle(graph.cycles().get(0))).containsExactly("a", "b", "c");
    assertThatThrownBy(graph::order).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void eachKnotIsToldOnceByAShortestCycle() {
    Graph graph =
        graph(
            plugin("a").needs("x.B").offers("x.A"),
            plugin("b").needs("x.A", "x.C").offers("x.B"),
            plugin("c").needs("x.A").offers("x.C"),
            plugin("p").needs("x.Q").offers("x.P"),
            plugin("q").needs("x.P").offers("x.Q"));
    assertThat(graph.cycles())
        .extracting(GraphTest::cycle)
        .containsExactly(List.of("a", "b"), List.of("p", "q"));
  }
}
