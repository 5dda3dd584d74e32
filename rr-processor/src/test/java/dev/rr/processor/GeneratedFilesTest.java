package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What is generated for {@code good/greeter} is compared with {@code expected/greeter}; {@code
 * -Drr.goldens=update} writes the latter anew.
 */
class GeneratedFilesTest {
  private static final Path GOOD = Path.of("src/test/resources/good/greeter");
  private static final Path EXPECTED = Path.of("src/test/resources/expected/greeter");

  @Test
  void generatesWhatIsExpected() throws IOException {
    Javac.Result result = Javac.compile(Javac.sources(GOOD));
    assertThat(result.errors()).isEmpty();
    if ("update".equals(System.getProperty("rr.goldens"))) {
      update(result.generated());
    }
    assertThat(result.generated()).isEqualTo(expected());
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
            new Descriptor.Need("dev.rr.api.config.Configurer", false),
            new Descriptor.Need("dev.rr.api.log.Loggers", false),
            new Descriptor.Need("test.greeter.Clock", true));
  }

  private static Map<String, String> expected() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var found = Files.walk(EXPECTED)) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        files.put(EXPECTED.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }

  private static void update(Map<String, String> generated) throws IOException {
    for (Map.Entry<String, String> file : generated.entrySet()) {
      Path path = EXPECTED.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }
}
