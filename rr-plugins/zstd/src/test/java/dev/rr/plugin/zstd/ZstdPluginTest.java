package dev.rr.plugin.zstd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ContentCoding;
import dev.rr.testing.http.ContentCodingContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out is read by Debian's own command. */
class ZstdPluginTest extends ContentCodingContract {
  @TempDir Path folder;

  private final ZstdPlugin plugin = new ZstdPlugin(new ZstdConfig(3));

  @Override
  protected ContentCoding coding() {
    return plugin;
  }

  /** What the command makes of the bytes, whole or not. */
  @Override
  protected byte[] decoded(byte[] body) throws Exception {
    Path in = Files.write(folder.resolve("in.zst"), body);
    Path plain = folder.resolve("plain");
    new ProcessBuilder("zstd", "-d", "-c")
        .redirectInput(in.toFile())
        .redirectOutput(plain.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return Files.readAllBytes(plain);
  }

  @Test
  void isNamedAsContentEncodingHasIt() {
    assertThat(plugin.token()).isEqualTo("zstd");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6})
  void worksAtEveryLevel(int level) throws Exception {
    ZstdPlugin other = new ZstdPlugin(new ZstdConfig(level));
    other.prepare();
    byte[] text = text(200_000);
    assertThat(thereAndBack(other, text)).isEqualTo(text);
  }
}
