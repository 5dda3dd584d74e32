package dev.rr.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HttpTextTest {
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void bytesOfUtf8BecomeText() {
    assertThat(HttpText.of(bytes("/wörker/😀"))).isEqualTo("/wörker/😀");
  }

  @Test
  void otherBytesAreTakenForIso88591() {
    assertThat(HttpText.of("/w\u00f6rker")).isEqualTo("/wörker");
  }

  @Test
  void whatNeedsNoDecodingComesBackAsItIs() {
    String plain = "/index.php?a=b";
    assertThat(HttpText.of(plain)).isSameAs(plain);
    String text = "/\u20ac" + bytes("ö");
    assertThat(HttpText.of(text)).isSameAs(text);
  }
}
