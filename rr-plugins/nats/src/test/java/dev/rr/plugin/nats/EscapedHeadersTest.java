package dev.rr.plugin.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.impl.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedHeadersTest {
  private static String message(String verb, String headers, String body) {
    int size = headers.getBytes(UTF_8).length;
    int total = size + body.getBytes(UTF_8).length;
    String sizes = headers.isEmpty() ? "" + total : size + " " + total;
    return verb + " a.b 7 $JS.ACK.x " + sizes + "\r\n" + headers + body + "\r\n";
  }

  private static String read(String sent, int piece) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(sent.getBytes(UTF_8));
    EscapedHeaders filter =
        new EscapedHeaders((to, from, length) -> in.read(to, from, Math.min(piece, length)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[piece];
    for (int n = filter.read(some, 0, piece); n >= 0; n = filter.read(some, 0, piece)) {
      out.write(some, 0, n);
    }
    return out.toString(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10_000})
  void passesOnWhatTheLibraryReads(int piece) throws Exception {
    String plain =
        "INFO {\"a\":\"Größe\"}\r\nPING\r\n"
            + message("MSG", "", "body ж\r\nHMSG x")
            + message("HMSG", "NATS/1.0\r\na:100%\r\n\r\n", "ж")
            + message("MSG", "", "")
            + "+OK\r\nPONG\r\n";
    assertThat(read(plain, piece)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10_000})
  void escapesHeadersThatAreNotAscii(int piece) throws Exception {
    String before = message("MSG", "", "x");
    String sent = before + message("HMSG", "NATS/1.0\r\na:ж 100%\r\n\r\n", "body ж") + before;
    assertThat(read(sent, piece))
        .isEqualTo(
            before
                + message("HMSG", "NATS/1.0\r\na:%d0%b6 100%25\r\nrr-escaped:1\r\n\r\n", "body ж")
                + before);
    Headers headers = new Headers().add("a", "%d0%b6 100%25").add("rr-escaped", "1");
    assertThat(EscapedHeaders.of(headers)).isEqualTo(Map.of("a", List.of("ж 100%")));
  }
}
