package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflationTest {
  private static final int LIMIT = 100_000;

  private final Deflation deflation = new Deflation();

  @AfterEach
  void close() {
    deflation.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 8191, 8192, 8193, 65_536, 100_000})
  void whatWasPackedIsUnpackedAgain(int length) throws Exception {
    byte[] random = new byte[length];
    new Random(length).nextBytes(random);
    byte[] plain = "a".repeat(length).getBytes(UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThat(deflation.unpack(deflation.pack(random), LIMIT)).isEqualTo(random);
      assertThat(deflation.unpack(deflation.pack(plain), LIMIT)).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // RFC 7692, section 7.2.3: as a whole, without compression, with a final block.
    "f248cdc9c90700",
    "000500faff48656c6c6f00",
    "f348cdc9c9070000"
  })
  void theExamplesOfTheSpecificationAreUnderstood(String packed) throws Exception {
    assertThat(deflation.unpack(HexFormat.of().parseHex(packed), LIMIT))
        .isEqualTo("Hello".getBytes(UTF_8));
  }

  @Test
  void whatUnpacksToMoreThanIsAllowedIsAFault() {
    byte[] bomb = deflation.pack(new byte[LIMIT + 1]);
    assertThat(bomb).hasSizeLessThan(1000);
    assertThatThrownBy(() -> deflation.unpack(bomb, LIMIT))
        .isInstanceOfSatisfying(
            ProtocolFault.class, e -> assertThat(e.code()).isEqualTo(Frames.TOO_BIG));
    assertThatThrownBy(() -> deflation.unpack(new byte[] {-1, -1, -1}, LIMIT))
        .isInstanceOfSatisfying(
            ProtocolFault.class, e -> assertThat(e.code()).isEqualTo(Frames.INVALID_PAYLOAD));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | ''",
        "permessage-deflate; client_max_window_bits | ''",
        "permessage-deflate; client_max_window_bits=10 | ''",
        "x-webkit-deflate-frame, permessage-deflate; server_no_context_takeover | ''",
        "permessage-deflate; server_max_window_bits=15 | ; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate | ''"
      })
  void anOfferThatCanBeKeptIsTakenWithoutContexts(String offer, String more) {
    assertThat(Deflation.accept(List.of(offer)))
        .isEqualTo(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + more);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "permessage-bzip",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; unknown",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate;",
        ";",
        ",;;,"
      })
  void otherOffersAreNot(String offer) {
    assertThat(Deflation.accept(List.of(offer))).isEmpty();
  }
}
