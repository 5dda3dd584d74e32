package dev.rr.processor.root;

import static dev.rr.processor.root.Plugins.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Goldens are real sources beside this class's name; {@code -Drr.golden=write} writes them anew.
 */
class RootGeneratorTest {
  private static final Path GOLDENS = Path.of("src/test/resources/root");
  private static final String LOGGERS = "dev.rr.api.log.Loggers";
  private static final String CONFIGURER = "dev.rr.api.config.Configurer";
  private static final String MIDDLEWARE = "dev.rr.api.http.Middleware";

  private static Root root(List<SelectedPlugin> members) {
    Graph graph = new Graph(members);
    List<CatalogueEntry> known =
        new ArrayList<>(members.stream().map(m -> CatalogueEntry.of(m, "")).toList());
    known.add(CatalogueEntry.of(plugin("absent").section("absent").member(), ""));
    return new Root(graph, known, "1.2.3", "0.1.0", "0123456789ab");
  }

  private static List<SelectedPlugin> web() {
    return new ArrayList<>(
        List.of(
            plugin("config").weight(1000).offers(CONFIGURER).member(),
            plugin("logger").weight(900).needs(CONFIGURER).offers(LOGGERS).section("logs").member(),
            plugin("server")
                .enabledBy("server")
                .needs(CONFIGURER, LOGGERS, Graph.HOST)
                .offers("dev.rr.api.worker.Server")
                .section("server")
                .member(),
            plugin("http")
                .enabledBy("http")
                .needs(CONFIGURER, LOGGERS, "dev.rr.api.worker.Server")
                .mayUse("com.example.trace.Tracer")
                .collects("middleware", Graph.NAMED, MIDDLEWARE)
                .section("http")
                .member(),
            plugin("gzip").offersAs("gz", MIDDLEWARE).member(),
            plugin("headers").enabledBy("http.headers").offers(MIDDLEWARE).member()));
  }

  @Test
  void aWebServer() throws IOException {
    matches("web", RootGenerator.generate(root(web())));
  }

  @Test
  void severalOffersOfOnePluginSeveralContractsAndNothingToCollect() throws IOException {
    matches(
        "offers",
        RootGenerator.generate(
            root(
                List.of(
                    plugin("twins")
                        .offersAs("migrate", "dev.rr.api.cli.CliCommand")
                        .offersBy("first", "com.example.A")
                        .offersBy("second", "com.example.A")
                        .offers("com.example.other.A")
                        .member(),
                    plugin("collector")
                        .collects("pairs", "com.example.A", "com.example.other.A", Graph.NAMED)
                        .collects("none", "com.example.Outer.Nested")
                        .mayUse("com.example.A")
                        .member()))));
  }

  @Test
  void theOrderOfMembersDoesNotReachTheSource() {
    List<SelectedPlugin> reversed = web();
    Collections.reverse(reversed);
    assertThat(RootGenerator.generate(root(reversed)))
        .isEqualTo(RootGenerator.generate(root(web())));
  }

  private static void matches(String name, Map<String, String> sources) throws IOException {
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path golden = GOLDENS.resolve(name).resolve(Path.of(source.getKey()).getFileName());
      if ("write".equals(System.getProperty("rr.golden"))) {
        Files.createDirectories(golden.getParent());
        Files.writeString(golden, source.getValue());
      }
      assertThat(source.getValue()).as(golden.toString()).isEqualTo(Files.readString(golden));
    }
  }
}
