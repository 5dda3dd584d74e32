package dev.rr.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.tls.Identity;
import dev.rr.testing.tls.TestKeys;
import dev.rr.tls.ServerKeys;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsContextsTest {
  @TempDir static Path dir = Path.of("");

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(dir, "server", "EC");
  }

  private static SSLEngine engine(List<String> protocols, boolean authorities, String clientAuth)
      throws Exception {
    Identity identity = TestKeys.read(dir, "server");
    ServerKeys keys = new ServerKeys(identity, name -> Optional.empty());
    return TlsContexts.server(
            keys, protocols, authorities ? identity.chain() : List.of(), clientAuth)
        .newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  @Test
  void offersTheProtocolsThatWereNamedOverTls12And13() throws Exception {
    assertThat(
            TlsContexts.server(
                    new ServerKeys(TestKeys.read(dir, "server"), name -> Optional.empty()),
                    List.of("b", "a"),
                    List.of(),
                    "")
                .applicationProtocolNegotiator()
                .protocols())
        .containsExactly("b", "a");
    assertThat(engine(List.of("a"), false, "").getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
  }

  @ParameterizedTest
  @CsvSource({
    "'', NONE",
    "no_client_cert, NONE",
    "no_client_certs, NONE",
    "request_client_cert, WANT",
    "verify_client_cert_if_given, WANT",
    "Require_Any_Client_Cert, NEED",
    "require_and_verify_client_cert, NEED"
  })
  void asksClientsWhereThereAreAuthoritiesOnly(String word, String asked) throws Exception {
    assertThat(asked(engine(List.of("a"), true, word))).isEqualTo(asked);
    assertThat(asked(engine(List.of("a"), false, word))).isEqualTo("NONE");
    if (!word.isEmpty()) {
      assertThat(TlsContexts.CLIENT_AUTH).contains(word.toLowerCase(Locale.ROOT));
    }
  }

  private static String asked(SSLEngine engine) {
    return engine.getNeedClientAuth() ? "NEED" : engine.getWantClientAuth() ? "WANT" : "NONE";
  }
}
