package dev.rr.plugin.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every file under {@code cases}: see {@link CaseFile}. */
final class CaseFilesTest {
  @TempDir Path temporary = Path.of("");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException, URISyntaxException {
    Path root = Path.of(Objects.requireNonNull(CaseFilesTest.class.getResource("/cases")).toURI());
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
      assertThat(found).isNotEmpty();
      return found.stream()
          .map(
              file -> DynamicTest.dynamicTest(root.relativize(file).toString(), () -> check(file)));
    }
  }

  private void check(Path file) throws IOException {
    CaseFile single = CaseFile.read(file);
    Path folder = Files.createTempDirectory(temporary, "case");
    assertThat(single.actual(folder)).isEqualTo(single.expected());
  }
}
