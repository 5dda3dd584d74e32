package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentFieldsTest {
  @Test
  void framesNamesAndValuesAndLeavesOutWhatMayNotBeSent() {
    HttpHeaders fields =
        new HttpHeaders()
            .add("X-A", "1")
            .add("X-A", "2\r\nX-B: 3\0 ")
            .add("bad name", "x")
            .add("", "x")
            .add("Connection", "close")
            .add("Keep-Alive", "1")
            .add("Proxy-Connection", "close")
            .add("Transfer-Encoding", "chunked")
            .add("Upgrade", "h2c")
            .add("Content-Length", "5");
    List<String> sent = new ArrayList<>();
    SentFields.framed(
        fields,
        (name, value) -> sent.add(name + "=" + new String(value, StandardCharsets.ISO_8859_1)));

    assertThat(sent).containsExactly("x-a=1", "x-a=2  X-B: 3");
  }

  @Test
  void leavesOutControlCharactersAndKeepsTabs() {
    assertThat(SentFields.clean("a\tb\u000b\u001b\u007f\u0001c\u00e9")).isEqualTo("a\tbc\u00e9");
    assertThat(SentFields.clean("\u007f a \u001b")).isEqualTo("a");
  }

  @Test
  void sendsByteStringsAsTheyAreAndTextInUtf8() {
    List<byte[]> sent = new ArrayList<>();
    SentFields.framed(
        new HttpHeaders().add("A", "\u00c3\u00a9").add("B", "\u20ac"), (name, v) -> sent.add(v));

    assertThat(sent.get(0)).containsExactly(0xc3, 0xa9);
    assertThat(sent.get(1)).containsExactly(0xe2, 0x82, 0xac);
  }
}
