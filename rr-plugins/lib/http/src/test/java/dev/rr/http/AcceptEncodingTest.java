package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.ContentCoding;
import dev.rr.testing.http.FakeCoding;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  private static final List<ContentCoding> OFFERED =
      List.of(new FakeCoding("zstd"), new FakeCoding("br"), new GzipCoding(6));

  private static AcceptEncoding of(String... lines) {
    return AcceptEncoding.of(List.of(lines), OFFERED);
  }

  private static String chosen(AcceptEncoding accepted) {
    ContentCoding coding = accepted.coding();
    return coding == null ? "-" : coding.token();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Equal weights: the server's order.
        "gzip, deflate, br, zstd|zstd",
        "gzip, deflate, br|br",
        "gzip|gzip",
        "x-gzip|gzip",
        "GZip|gzip",
        "gzip;q=1.0, br;q=1.000|br",
        // The client's order.
        "zstd;q=0.5, br;q=0.8, gzip|gzip",
        "zstd ; q=0.2 , gzip ; q=0.3|gzip",
        "br;q=0.001|br",
        "br;Q=0.4, gzip;q=0.5|gzip",
        // Anything else.
        "*|zstd",
        "*;q=0.5|zstd",
        "gzip, *;q=0.5|gzip",
        "*, zstd;q=0|br",
        "zstd;q=0, br;q=0, *|gzip",
        // None.
        "deflate|-",
        "identity|-",
        "*;q=0|-",
        "gzip;q=0|-",
        "gzip;q=0.000|-",
        ",|-",
        // The plain body is liked better, or as much.
        "identity;q=1, gzip;q=0.5|-",
        "identity;q=0.5, gzip;q=0.5|gzip",
        "gzip;q=0.3, *;q=0.5, zstd;q=0, br;q=0|-",
        // Of doubles the first counts, and nonsense takes nothing.
        "gzip;q=0, gzip|-",
        "gzip;q=x|-",
        "gzip;q=2|-",
        "gzip;q=-1|-",
        "gzip;q=NaN|-",
        "gzip;q=1e0|-",
        "gzip;q=0.1234|-",
        "gzip;q=|-",
        "gzip;level=9;q=0.5, br;q=0.4|gzip",
        "gzipx|-",
      })
  void choosesByTheClientsWeightsThenByTheServersOrder(String line, String expected) {
    assertThat(chosen(of(line))).isEqualTo(expected);
  }

  @Test
  void readsEveryLine() {
    assertThat(chosen(of("gzip;q=0.1", "br;q=0.2"))).isEqualTo("br");
  }

  @Test
  void takesTheBodyAsItIsWhenThereIsNoLine() {
    assertThat(of()).isEqualTo(AcceptEncoding.NOTHING);
    assertThat(of("").coding()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, identity;q=0|false",
        "gzip, *;q=0|false",
        "gzip, identity;q=0.001, *;q=0|true",
        "gzip|true"
      })
  void knowsWhetherThePlainBodyIsRefused(String line, boolean plain) {
    AcceptEncoding accepted = of(line);

    assertThat(accepted.plain()).isEqualTo(plain);
    assertThat(chosen(accepted)).isEqualTo("gzip");
  }

  @Test
  void survivesAHeaderOfAnySize() {
    String[] names = new String[5000];
    Arrays.setAll(names, i -> "c" + i + ";q=0." + i % 1000);

    assertThat(chosen(of(String.join(",", names) + ", br"))).isEqualTo("br");
  }
}
