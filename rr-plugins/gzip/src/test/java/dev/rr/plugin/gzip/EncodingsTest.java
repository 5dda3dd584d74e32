package dev.rr.plugin.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.plugin.Catalogue;
import dev.rr.testing.http.FakeCoding;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingsTest {
  @TempDir Path folder;

  private final FakeResponse response = new FakeResponse();

  private void serve(GzipPlugin plugin, String acceptEncoding) {
    TestGzip.check(plugin);
    plugin
        .wrap((request, out) -> {
          out.head(200, new HttpHeaders().set("Content-Type", "text/plain"));
          out.write(ByteBuffer.allocate(5000));
          out.end();
        })
        .handle(FakeRequest.get("/").header("Accept-Encoding", acceptEncoding), response);
  }

  @Test
  void offersGzipAloneByDefault() throws IOException {
    FakeCoding zstd = new FakeCoding("zstd");
    serve(TestGzip.with(folder, "{}", TestGzip.CATALOGUE, zstd), "zstd, gzip;q=0.1");

    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
    assertThat(zstd.prepared()).as("nothing is loaded that nobody lists").isZero();
  }

  @Test
  void offersWhatIsListedInItsOrder() throws IOException {
    FakeCoding zstd = new FakeCoding("zstd");
    FakeCoding br = new FakeCoding("br");
    serve(
        TestGzip.with(folder, "{encodings: [BR, zstd, gzip]}", TestGzip.CATALOGUE, zstd, br),
        "gzip, deflate, br, zstd");

    assertThat(response.headers().get("Content-Encoding")).isEqualTo("br");
    assertThat(zstd.prepared()).isEqualTo(1);
    assertThat(br.prepared()).isEqualTo(1);
    assertThat(br.opened()).isEqualTo(1);
    assertThat(br.open()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[br]|'br' is not in this binary; add dev.rr:rr-plugin-brotli:1.0 to the build",
        "[Zstd]|'Zstd' is not in this binary; add dev.rr:rr-plugin-zstd:1.0 to the build",
        "[brotli]|'brotli' is the plugin; did you mean its coding 'br'?",
        "[gzp]|'gzp' is no coding; there are br, gzip, zstd; did you mean 'gzip'?",
        "[deflate]|'deflate' is no coding; there are br, gzip, zstd",
        "[identity]|'identity' is no coding; there are br, gzip, zstd",
        "['*']|'*' is no coding; there are br, gzip, zstd",
        "[gzip, GZIP]|'GZIP' stands twice",
        "[]|is empty; there are br, gzip, zstd, or take gzip off",
      })
  void tellsWhatIsWrongWithAName(String list, String message) throws IOException {
    GzipPlugin plugin = TestGzip.with(folder, "{encodings: " + list + "}", TestGzip.CATALOGUE);

    assertThatThrownBy(() -> TestGzip.check(plugin))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(".rr.yaml:3: http.gzip.encodings: " + message);
  }

  @Test
  void tellsAllProblemsAtOnce() throws IOException {
    GzipPlugin plugin = TestGzip.with(folder, "{encodings: [br, gzp]}", TestGzip.CATALOGUE);

    assertThatThrownBy(() -> TestGzip.check(plugin)).hasMessageContainingAll("'br'", "'gzp'");
  }

  @Test
  void pointsAtThePluginThatIsSwitchedOff() throws IOException {
    Catalogue known = new Catalogue(List.of(TestGzip.entry("zstd", "zstd", true)));
    GzipPlugin plugin = TestGzip.with(folder, "{encodings: [zstd]}", known);

    assertThatThrownBy(() -> TestGzip.check(plugin))
        .hasMessageContaining("is switched off, see rr plugins");
  }

  @Test
  void saysWhyACodingDoesNotWorkHere() throws IOException {
    ContentCoding broken =
        new ContentCoding() {
          @Override
          public String token() {
            return "br";
          }

          @Override
          public void prepare() throws IOException {
            throw new IOException("/tmp does not let libraries be loaded");
          }

          @Override
          public Compressor open(Consumer<ByteBuffer> out) {
            throw new AssertionError();
          }
        };
    GzipPlugin plugin =
        TestGzip.with(folder, "{encodings: [gzip, br]}", TestGzip.CATALOGUE, broken);
    TestGzip.check(plugin);

    assertThatThrownBy(() -> plugin.wrap((request, out) -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            ".rr.yaml:3: http.gzip.encodings: 'br' does not work here: /tmp does not let libraries"
                + " be loaded");
  }
}
