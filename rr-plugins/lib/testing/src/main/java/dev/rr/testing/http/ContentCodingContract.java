package dev.rr.testing.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ContentCoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ContentCoding} has to do. The test of a plugin extends this and says how what
 * comes out is decoded, best by a program that is not ours.
 */
public abstract class ContentCodingContract {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The coding with its default settings. */
  protected abstract ContentCoding coding();

  /** What a whole body decodes to. */
  protected abstract byte[] decoded(byte[] body) throws Exception;

  /** What can be read of a body whose end has not come yet. */
  protected byte[] begun(byte[] part) throws Exception {
    return decoded(part);
  }

  /** Text that compresses well. */
  protected static byte[] text(int length) {
    Random random = new Random(5);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (random.nextInt(8) == 0 ? ' ' : 'a' + random.nextInt(9));
    }
    return text;
  }

  /** Compresses a body in one piece with other settings, and decodes it again. */
  protected byte[] thereAndBack(ContentCoding coding, byte[] body) throws Exception {
    try (ContentCoding.Compressor compressor = open(coding)) {
      compressor.write(ByteBuffer.wrap(body));
      compressor.finish();
    }
    return decoded(out.toByteArray());
  }

  private ContentCoding.Compressor open(ContentCoding coding) {
    return coding.open(bytes -> {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      out.writeBytes(copy);
    });
  }

  private ContentCoding prepared() throws Exception {
    ContentCoding coding = coding();
    coding.prepare();
    coding.prepare();
    return coding;
  }

  @Test
  void hasATokenAsContentEncodingHasIt() {
    assertThat(coding().token()).matches("[a-z0-9-]+").isEqualTo(coding().token());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 16 * 1024, 16 * 1024 + 1, 300_000, 20_000_000})
  void decodesToWhatWentIn(int length) throws Exception {
    byte[] text = text(length);
    assertThat(thereAndBack(prepared(), text)).isEqualTo(text);
    if (length > 1000) {
      assertThat(out.size()).isLessThan(length * 6 / 10);
    }
  }

  @Test
  void takesPiecesOfAnySizeIncompressibleAndReadOnlyOnesToo() throws Exception {
    byte[] noise = new byte[1_000_000];
    new Random(2).nextBytes(noise);
    Random random = new Random(3);
    try (ContentCoding.Compressor compressor = open(prepared())) {
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
    assertThat(decoded(out.toByteArray())).isEqualTo(noise);
  }

  @Test
  void whatWasFlushedCanBeReadBeforeMoreFollows() throws Exception {
    try (ContentCoding.Compressor compressor = open(prepared())) {
      compressor.write(ByteBuffer.wrap("first".getBytes(UTF_8)));
      compressor.flush();
      assertThat(begun(out.toByteArray())).asString(UTF_8).isEqualTo("first");

      compressor.flush();
      compressor.write(ByteBuffer.wrap("second".getBytes(UTF_8)));
      compressor.flush();
      assertThat(begun(out.toByteArray())).asString(UTF_8).isEqualTo("firstsecond");
      compressor.finish();
    }
    assertThat(decoded(out.toByteArray())).asString(UTF_8).isEqualTo("firstsecond");
  }

  @Test
  void givesItsMemoryBackAtWhateverPointABodyIsDropped() throws Exception {
    byte[] text = text(400_000);
    ContentCoding coding = prepared();
    long before = 0;
    for (int round = 0; round < 150; round++) {
      ContentCoding.Compressor compressor = open(coding);
      compressor.write(ByteBuffer.wrap(text, 0, text.length / (1 + round % 3)));
      compressor.close();
      compressor.close();
      out.reset();
      if (round == 50) {
        before = resident();
      }
    }
    // 100 compressors that were kept would hold more, a megabyte each with the larger codings.
    assertThat(resident() - before).isLessThan(50L << 20);
  }

  /** Memory of this process in bytes. */
  private static long resident() throws IOException {
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
    return Long.parseLong(pages[1]) * 4096;
  }
}
