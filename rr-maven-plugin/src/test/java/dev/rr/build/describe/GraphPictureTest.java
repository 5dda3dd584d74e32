package dev.rr.build.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.Samples;
import dev.rr.processor.root.Graph;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphPictureTest {
  private static final Graph GRAPH =
      new Graph(
          List.of(
              Samples.gzip().member(),
              Samples.plugin("collector")
                  .mayUse("x.Clock")
                  .collects("take", Samples.MIDDLEWARE)
                  .member(),
              Samples.plugin("clock").offers("x.Clock").member(),
              Samples.plugin("user").needs("x.Clock").member()));

  private static String draw(String format) throws BuildException {
    return GraphPicture.of(format).draw(GRAPH);
  }

  @Test
  void mermaidTellsStrengthByTheLine() throws Exception {
    assertThat(draw("mermaid"))
        .isEqualTo(
            """
            graph LR
              clock
              gzip
              collector
              user
              clock -.->|"Clock (optional)"| collector
              gzip -.->|"Middleware (collected)"| collector
              clock -->|"Clock"| user
            """);
  }

  @Test
  void dotTellsStrengthByTheStyle() throws Exception {
    assertThat(draw("DOT"))
        .contains("  \"clock\" -> \"user\" [label=\"Clock\", style=solid];\n")
        .contains(
            "  \"gzip\" -> \"collector\" [label=\"Middleware (collected)\", style=dashed];\n");
  }

  @Test
  void jsonHasOrderLevelsAndArrows() throws Exception {
    JsonObject json = JsonParser.parseString(draw("json")).getAsJsonObject();
    assertThat(json.getAsJsonArray("plugins"))
        .extracting(p -> p.getAsJsonObject().get("id").getAsString())
        .containsExactly("clock", "gzip", "collector", "user");
    assertThat(json.getAsJsonArray("arrows").get(0))
        .hasToString(
            "{\"from\":\"clock\",\"to\":\"collector\",\"contract\":\"x.Clock\",\"strength\":\"soft\"}");
  }

  @Test
  void anotherFormatIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> draw("svg"))
        .hasMessage("rr.format is svg; allowed are mermaid, dot, json");
  }
}
