package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is generated for a folder of {@code good} is compared with that of {@code expected}; {@code
 * -Drr.goldens=update} writes the latter anew.
 */
class GeneratedFilesTest {
  private static final Path ALL = Path.of("src/test/resources/good");
  private static final Path GOOD = ALL.resolve("greeter");
  private static final Path EXPECTED = Path.of("src/test/resources/expected");
  private static final Pattern OUR_CONTRACT =
      Pattern.compile(" {4}\\{\n {6}\"name\": \"dev\\.rr\\.api\\.[^{}]*\\},?\n");

  @ParameterizedTest
  @ValueSource(strings = {"greeter", "driver"})
  void generatesWhatIsExpected(String folder) throws IOException {
    Javac.Result result = Javac.compile(Javac.sources(ALL.resolve(folder)));
    assertThat(result.errors()).isEmpty();
    Map<String, String> generated = withoutOurContracts(result.generated());
    if ("update".equals(System.getProperty("rr.goldens"))) {
      update(EXPECTED.resolve(folder), generated);
    }
    assertThat(generated).isEqualTo(expected(EXPECTED.resolve(folder)));
  }

  /** The shapes of rr-api's contracts change with them, which is nothing to see here. */
  private static Map<String, String> withoutOurContracts(Map<String, String> generated) {
    Map<String, String> all = new TreeMap<>();
    generated.forEach((path, text) -> all.put(path, OUR_CONTRACT.matcher(text).replaceAll("")));
    return all;
  }

  @Test
  void sectionsOfDriversBelongToNobodyInTheCatalogue() {
    String path = Descriptors.path("redis");
    String json =
        Javac.compile(Javac.sources(ALL.resolve("driver"))).output().getOrDefault(path, "");
    Descriptor redis = Descriptors.fromJson(json);

    assertThat(redis.sections()).extracting(Descriptor.Section::driver).containsExactly("redis");
    assertThat(CatalogueEntry.of(new SelectedPlugin(redis, "test:redis:1"), "").sections())
        .isEmpty();
  }

  @Test
  void generatesTheSameFromFilesInAnyOrder() {
    List<Path> sources = new ArrayList<>(Javac.sources(GOOD));
    Map<String, String> first = Javac.compile(sources).generated();
    Collections.reverse(sources);

    assertThat(Javac.compile(sources).generated()).isEqualTo(first).isNotEmpty();
  }

  @Test
  void writesDescriptorsThatReadBackTheSame() {
    String path = Descriptors.path("greeter");
    String json = Javac.compile(Javac.sources(GOOD)).output().getOrDefault(path, "");
    Descriptor descriptor = Descriptors.fromJson(json);

    assertThat(Descriptors.toJson(descriptor)).isEqualTo(json).endsWith("}\n");
    assertThat(descriptor.needs())
        .containsExactly(
            new Descriptor.DeclaredNeed("dev.rr.api.config.Configurer", false),
            new Descriptor.DeclaredNeed("dev.rr.api.log.Loggers", false),
            new Descriptor.DeclaredNeed("test.greeter.Clock", true));
  }

  private static Map<String, String> expected(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var found = Files.walk(folder)) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }

  private static void update(Path folder, Map<String, String> generated) throws IOException {
    for (Map.Entry<String, String> file : generated.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }
}
