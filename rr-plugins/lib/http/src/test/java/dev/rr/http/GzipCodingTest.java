package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ContentCoding;
import dev.rr.testing.http.ContentCodingContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out is read by Debian's own command. */
class GzipCodingTest extends ContentCodingContract {
  @TempDir Path folder;

  private final GzipCoding gzip = new GzipCoding(5);

  @Override
  protected ContentCoding coding() {
    return gzip;
  }

  /** What the command makes of the bytes, whole or not. */
  @Override
  protected byte[] decoded(byte[] body) throws Exception {
    Path in = Files.write(folder.resolve("in.gz"), body);
    Path plain = folder.resolve("plain");
    new ProcessBuilder("gzip", "-d", "-c")
        .redirectInput(in.toFile())
        .redirectOutput(plain.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return Files.readAllBytes(plain);
  }

  @Test
  void isNamedAsContentEncodingHasIt() {
    assertThat(gzip.token()).isEqualTo("gzip");
  }
}
