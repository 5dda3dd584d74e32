package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles what docs/plugins.md shows, together and as it stands there. */
class PluginsPageTest {
  private static final Path PAGE = Path.of("../docs/plugins.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```java\n(.*?)^```");

  /** Types at the margin. */
  private static final Pattern TYPE =
      Pattern.compile("(?m)^(?:final class|public interface|record) (\\w+)");

  private static final String HEAD =
      """
      package com.example;

      import dev.rr.annotation.*;
      import dev.rr.api.config.*;
      import dev.rr.api.http.*;
      import dev.rr.api.log.*;
      import dev.rr.api.plugin.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.atomic.*;

      """;

  @TempDir Path folder;

  @Test
  void itsExamplesAreRight() throws IOException {
    List<Path> sources = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (MatchResult example : EXAMPLE.matcher(Files.readString(PAGE)).results().toList()) {
      String text = example.group(1);
      List<MatchResult> starts = TYPE.matcher(text).results().toList();
      assertThat(starts).as(text).isNotEmpty();
      String first = starts.get(0).group(1);
      starts.forEach(start -> types.add(start.group(1)));
      Path source = folder.resolve(first + ".java");
      Files.writeString(source, HEAD + text);
      sources.add(source);
    }

    Javac.Result result = Javac.compileWithDagger(sources);

    assertThat(result.errors()).isEmpty();
    assertThat(types).hasSizeGreaterThan(8);
    assertThat(result.generated().keySet())
        .contains(
            "META-INF/rr/plugin/greeter.json",
            "META-INF/rr/plugin/agenda.json",
            "META-INF/rr/plugin/banner.json",
            "META-INF/rr/plugin/ticker.json",
            "META-INF/rr/plugin/visits.json");
  }
}
