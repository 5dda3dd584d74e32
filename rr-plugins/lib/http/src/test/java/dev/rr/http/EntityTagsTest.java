package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityTagsTest {
  /** Upstream's static plugin has this one. */
  private final EntityTags tags = new EntityTags(0x48D90782);

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(dir.resolve("sample.txt"), "sample\n");
  }

  @Test
  void tagsAChangedFileAnew() throws IOException {
    Instant before = Instant.EPOCH;

    assertThat(tags.ofContent(file, 7, before)).isEqualTo("\"7-3258528983\"");
    Files.writeString(file, "hello world");
    assertThat(tags.ofContent(file, 11, before.plusSeconds(1))).isEqualTo("\"11-4225329227\"");
  }

  @Test
  void doesNotReadAnUnchangedFileAgain() throws IOException {
    String tag = tags.ofContent(file, 7, Instant.EPOCH);
    Files.delete(file);

    assertThat(tags.ofContent(file, 7, Instant.EPOCH)).isEqualTo(tag);
  }

  @Test
  void tagsNoEmptyFile() throws IOException {
    Path empty = Files.writeString(dir.resolve("empty.txt"), "");

    assertThat(tags.ofContent(empty, 0, Instant.EPOCH)).isEmpty();
  }

  @Test
  void tagsNames() {
    assertThat(tags.ofName("sample.txt")).isEqualTo("\"2651801651\"");
  }
}
