package dev.rr.plugin.brotli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.rr.api.http.ContentCoding;
import dev.rr.testing.http.ContentCodingContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out is read by Debian's own command. */
class BrotliPluginTest extends ContentCodingContract {
  @TempDir Path folder;

  private final BrotliPlugin plugin = new BrotliPlugin(new BrotliConfig(5));

  @Override
  protected ContentCoding coding() {
    return plugin;
  }

  @Override
  protected byte[] decoded(byte[] body) throws Exception {
    Path in = Files.write(folder.resolve("in.br"), body);
    Path plain = folder.resolve("plain");
    new ProcessBuilder("brotli", "-d", "-c")
        .redirectInput(in.toFile())
        .redirectOutput(plain.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return Files.readAllBytes(plain);
  }

  /** The command shows nothing of a body that is not complete. */
  @Override
  protected byte[] begun(byte[] part) throws IOException {
    DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1024);
    try {
      decoder.getInputBuffer().put(part);
      decoder.push(part.length);
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      while (decoder.hasOutput()) {
        ByteBuffer piece = decoder.pull();
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        plain.writeBytes(bytes);
      }
      return plain.toByteArray();
    } finally {
      decoder.destroy();
    }
  }

  @Test
  void isNamedAsContentEncodingHasItAndOfferedUnderThatName() throws IOException {
    assertThat(plugin.token()).isEqualTo("br");
    try (InputStream in =
        BrotliPlugin.class.getResourceAsStream("/META-INF/rr/plugin/brotli.json")) {
      assertThat(new String(in.readAllBytes(), UTF_8)).contains("\"name\": \"br\"");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 6})
  void worksAtEveryLevel(int level) throws Exception {
    BrotliPlugin other = new BrotliPlugin(new BrotliConfig(level));
    other.prepare();
    byte[] text = text(200_000);
    assertThat(thereAndBack(other, text)).isEqualTo(text);
  }
}
