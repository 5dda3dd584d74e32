package dev.rr.build.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownPluginsTest {
  private static final KnownPlugins KNOWN =
      new KnownPlugins(
          List.of(
              Samples.http().entry(),
              Samples.config().entry(),
              Samples.plugin("http_metrics").offers(Samples.MIDDLEWARE).entry()));

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Path jar = Samples.jar(folder.resolve("c.jar"), Map.of(KnownPlugins.PATH, KNOWN.toJson()));
    KnownPlugins read = KnownPlugins.read(jar);
    assertThat(read.entries()).isEqualTo(KNOWN.entries());
    assertThat(read.toJson()).isEqualTo(KNOWN.toJson()).endsWith("}\n");
  }

  @Test
  void aFolderOfClassesIsReadLikeAJar() throws Exception {
    Path file = folder.resolve(KnownPlugins.PATH);
    Files.createDirectories(file.getParent());
    Files.writeString(file, KNOWN.toJson());
    assertThat(KnownPlugins.read(folder).names()).containsExactly("config", "http", "http-metrics");
  }

  @Test
  void aJarWithoutACatalogueIsNamed() throws Exception {
    Path jar = Samples.jar(folder.resolve("other.jar"), Map.of("x", ""));
    assertThatThrownBy(() -> KnownPlugins.read(jar))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("other.jar");
  }

  @Test
  void aNeedTellsWhatMustComeAlong() {
    assertThat(KNOWN.find("http").orElseThrow().needs())
        .containsExactly(Samples.CONFIGURER, Samples.LOGGERS, Samples.SERVER);
    assertThat(KNOWN.offering(Samples.MIDDLEWARE)).hasSize(1);
  }
}
