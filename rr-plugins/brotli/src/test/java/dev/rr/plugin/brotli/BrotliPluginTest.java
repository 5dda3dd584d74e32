package dev.rr.plugin.brotli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.rr.api.http.ContentCoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out is read by Debian's own command. */
class BrotliPluginTest {
  @TempDir Path folder;

  private final BrotliPlugin plugin = new BrotliPlugin(new BrotliConfig(5));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void prepare() throws IOException {
    plugin.prepare();
    plugin.prepare();
  }

  @Test
  void isOfferedUnderItsCodingsName() throws IOException {
    try (InputStream in =
        BrotliPlugin.class.getResourceAsStream("/META-INF/rr/plugin/brotli.json")) {
      assertThat(new String(in.readAllBytes(), UTF_8))
          .contains("\"name\": \"" + plugin.token() + "\"");
    }
  }

  private ContentCoding.Compressor open(ContentCoding coding) {
    return coding.open(bytes -> {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      out.writeBytes(copy);
    });
  }

  /** What the command makes of the bytes. */
  private byte[] decoded() throws Exception {
    Path in = Files.write(folder.resolve("in.br"), out.toByteArray());
    Path plain = folder.resolve("plain");
    new ProcessBuilder("brotli", "-d", "-c")
        .redirectInput(in.toFile())
        .redirectOutput(plain.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return Files.readAllBytes(plain);
  }

  /** What can be read of a body that is not complete; the command shows nothing of it. */
  private String begun() throws IOException {
    DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1024);
    try {
      decoder.getInputBuffer().put(out.toByteArray());
      decoder.push(out.size());
      StringBuilder text = new StringBuilder();
      while (decoder.hasOutput()) {
        text.append(UTF_8.decode(decoder.pull()));
      }
      return text.toString();
    } finally {
      decoder.destroy();
    }
  }

  static byte[] text(int length) {
    Random random = new Random(5);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (random.nextInt(8) == 0 ? ' ' : 'a' + random.nextInt(9));
    }
    return text;
  }

  @Test
  void isNamedAsContentEncodingHasIt() {
    assertThat(plugin.token()).isEqualTo("br");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 16 * 1024, 16 * 1024 + 1, 300_000, 20_000_000})
  void decodesToWhatWentIn(int length) throws Exception {
    byte[] text = text(length);
    try (ContentCoding.Compressor compressor = open(plugin)) {
      compressor.write(ByteBuffer.wrap(text));
      compressor.finish();
    }

    assertThat(decoded()).isEqualTo(text);
    if (length > 1000) {
      assertThat(out.size()).isLessThan(length * 6 / 10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 6})
  void worksAtEveryLevel(int level) throws Exception {
    byte[] text = text(200_000);
    try (ContentCoding.Compressor compressor = open(new BrotliPlugin(new BrotliConfig(level)))) {
      compressor.write(ByteBuffer.wrap(text));
      compressor.finish();
    }

    assertThat(decoded()).isEqualTo(text);
  }

  @Test
  void takesPiecesOfAnySizeIncompressibleAndReadOnlyOnesToo() throws Exception {
    byte[] noise = new byte[1_000_000];
    new Random(2).nextBytes(noise);
    Random random = new Random(3);
    try (ContentCoding.Compressor compressor = open(plugin)) {
      for (int at = 0; at < noise.length; ) {
        int size = Math.min(noise.length - at, random.nextInt(40_000));
        ByteBuffer piece = ByteBuffer.wrap(noise, at, size);
        compressor.write(random.nextBoolean() ? piece.asReadOnlyBuffer() : piece);
        if (random.nextInt(5) == 0) {
          compressor.flush();
        }
        at += size;
      }
      compressor.finish();
    }

    assertThat(decoded()).isEqualTo(noise);
  }

  @Test
  void whatWasFlushedCanBeReadBeforeMoreFollows() throws Exception {
    try (ContentCoding.Compressor compressor = open(plugin)) {
      compressor.write(ByteBuffer.wrap("first".getBytes(UTF_8)));
      compressor.flush();
      assertThat(begun()).isEqualTo("first");

      compressor.flush();
      compressor.write(ByteBuffer.wrap("second".getBytes(UTF_8)));
      compressor.flush();
      assertThat(begun()).isEqualTo("firstsecond");
      compressor.finish();
    }

    assertThat(new String(decoded(), UTF_8)).isEqualTo("firstsecond");
  }

  @Test
  void givesItsMemoryBackAtWhateverPointABodyIsDropped() throws IOException {
    byte[] text = text(400_000);
    long before = 0;
    for (int round = 0; round < 150; round++) {
      ContentCoding.Compressor compressor = open(plugin);
      compressor.write(ByteBuffer.wrap(text, 0, text.length / (1 + round % 3)));
      compressor.close();
      compressor.close();
      out.reset();
      if (round == 50) {
        before = resident();
      }
    }

    // 100 encoders that were kept would hold more than 100 MiB.
    assertThat(resident() - before).isLessThan(50L << 20);
  }

  /** Memory of this process in bytes. */
  private static long resident() throws IOException {
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
    return Long.parseLong(pages[1]) * 4096;
  }
}
