package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import dev.rr.build.archive.Archive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {
  private static final String LAYERED = "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n";

  @TempDir Path folder;
  private final List<Input> inputs = new ArrayList<>();

  private void jar(String artifact, Map<String, String> files) throws IOException {
    jar(new Coordinates("g", artifact, "1"), files);
  }

  private void jar(Coordinates coordinates, Map<String, String> files) throws IOException {
    Path file = folder.resolve(coordinates.name() + ".jar");
    inputs.add(new Input(coordinates, Samples.jar(file, files)));
  }

  private Map<String, Archive.Raw> files() throws Exception {
    return Contents.of(inputs).files();
  }

  private String text(String name) throws Exception {
    Archive.Raw raw = Objects.requireNonNull(files().get(name));
    assertThat(raw.method()).isZero();
    return new String(raw.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void identicalFilesBecomeOne() throws Exception {
    jar("a", Map.of("x/A.class", "same"));
    jar("b", Map.of("x/A.class", "same", "x/B.class", "b"));
    assertThat(files()).containsOnlyKeys("x/A.class", "x/B.class");
  }

  @Test
  void everyFileThatWouldLoseIsAProblemThatNamesBothOwners() throws Exception {
    jar("a", Map.of("x.txt", "one", "y.txt", "one"));
    jar("b", Map.of("x.txt", "two", "y.txt", "two"));
    assertThatThrownBy(this::files)
        .isInstanceOfSatisfying(
            BuildException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .allSatisfy(p -> assertThat(p).contains("g:a:1").contains("g:b:1")));
  }

  @Test
  void whatBelongsToAJarAndNotToItsClassesIsDropped() throws Exception {
    jar(
        "a",
        Map.of(
            "META-INF/MANIFEST.MF", LAYERED,
            "META-INF/INDEX.LIST", "",
            "META-INF/KEY.SF", "",
            "META-INF/key.rsa", "",
            "META-INF/maven/g/a/pom.xml", "",
            "module-info.class", "",
            "META-INF/versions/9/module-info.class", "",
            "META-INF/versions/9/x/A.class", "9",
            "x/A.class", ""));
    assertThat(files()).containsOnlyKeys("META-INF/versions/9/x/A.class", "x/A.class");
  }

  @Test
  void versionedClassesOfAJarThatIsNotMultiReleaseStayDead() throws Exception {
    jar("a", Map.of("META-INF/versions/9/x/A.class", "9"));
    jar("b", Map.of("META-INF/MANIFEST.MF", LAYERED, "META-INF/versions/9/y/B.class", "9"));
    assertThat(files()).containsOnlyKeys("META-INF/versions/9/y/B.class");
    assertThat(Contents.of(inputs).multiRelease()).isTrue();
  }

  @Test
  void serviceFilesAreMergedInTheOrderOfInputsWithoutComments() throws Exception {
    jar("a", Map.of("META-INF/services/x.S", "# of a\nx.A # first\n"));
    jar("b", Map.of("META-INF/services/x.S", "x.B\r\nx.A"));
    assertThat(text("META-INF/services/x.S")).isEqualTo("x.A\nx.B\n");
  }

  @Test
  void nettysVersionsAreMergedAndSorted() throws Exception {
    String name = "META-INF/io.netty.versions.properties";
    jar("a", Map.of(name, "#Mon Jan 01\nnetty-handler.version=4\n"));
    jar("b", Map.of(name, "#Tue Jan 02\nnetty-buffer.version=4\n"));
    assertThat(text(name)).isEqualTo("netty-buffer.version=4\nnetty-handler.version=4\n");
  }

  @Test
  void licencesAreKeptUnderTheirOwner() throws Exception {
    jar("a", Map.of("META-INF/LICENSE", "A", "META-INF/license/LICENSE.x.txt", "x"));
    jar("b", Map.of("META-INF/LICENSE", "B", "NOTICE.txt", "n", "x/License.class", "c"));
    jar(new Coordinates("g", "c", "1", "linux-x86_64"), Map.of("META-INF/AL2.0", "C"));
    assertThat(files())
        .containsOnlyKeys(
            "META-INF/licenses/a/LICENSE",
            "META-INF/licenses/a/license/LICENSE.x.txt",
            "META-INF/licenses/b/LICENSE",
            "META-INF/licenses/b/NOTICE.txt",
            "META-INF/licenses/c-linux-x86_64/AL2.0",
            "x/License.class");
  }
}
