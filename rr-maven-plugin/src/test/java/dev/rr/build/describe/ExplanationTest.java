package dev.rr.build.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.Samples;
import dev.rr.build.Samples.FakeResolver;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationTest {
  private static final String HTTP = Samples.http().coordinates().toString();
  private static final String GZIP = Samples.gzip().coordinates().toString();

  @TempDir Path folder;
  private Explanation explanation;

  @BeforeEach
  void select() throws Exception {
    FakeResolver resolver =
        new FakeResolver(folder)
            .knows(
                Samples.config(),
                Samples.logger(),
                Samples.server(),
                Samples.http(),
                Samples.gzip());
    Selection selection =
        new Selector(resolver, Optional.empty(), new Versions("0.1", "2"))
            .select(List.of("config", "logger", "http", "gzip"), true);
    Path application = Files.createDirectories(folder.resolve("app"));
    Files.writeString(application.resolve("worker.php"), "<?php");
    explanation =
        new Explanation(
            selection,
            Map.of(
                HTTP, List.of(List.of(HTTP)),
                GZIP, List.of(List.of(GZIP), List.of(HTTP, "lib:between:1", GZIP))),
            Optional.of(Application.of("rr.embed", application, List.of())));
  }

  @Test
  void aPluginIsExplainedByWhatItNeedsAndWhoUsesIt() throws Exception {
    assertThat(explanation.of("server"))
        .contains("is there because rr.autoAdd added it")
        .contains("is used by http (needs " + Samples.SERVER + ")");
    assertThat(explanation.of("http"))
        .startsWith("http, " + HTTP)
        .contains("is there because it is named")
        .contains("needs " + Samples.SERVER + ", which server offers")
        .contains("collects " + Samples.MIDDLEWARE + ", which gzip offers")
        .containsPattern("brings \\d+\\.\\d kB that nothing else does");
  }

  @Test
  void anArtifactIsExplainedByTheWaysToIt() throws Exception {
    assertThat(explanation.of(GZIP)).contains("  by " + HTTP + " > lib:between:1 > " + GZIP);
  }

  @Test
  void everythingIsListedBySizeWithItsSum() throws Exception {
    assertThat(explanation.all())
        .contains(GZIP + "  for " + HTTP)
        .contains("The application: 1 files, 2.0 kB\n")
        .containsPattern("kB of jars in all, before they are packed");
  }

  @Test
  void whatIsNotThereIsSaidWithTheNearest() {
    assertThatThrownBy(() -> explanation.of("htpp"))
        .hasMessageStartingWith("nothing in the file is called htpp; its plugins are ")
        .hasMessageEndingWith("did you mean http?");
  }
}
