package dev.rr.api.tls;

import dev.rr.annotation.Contract;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A certificate that is obtained and renewed while the server runs, for listeners that live in
 * other plugins. Ready once its plugin has started, and until that is stopped: whoever needs it
 * starts later and stops earlier. Any thread; nothing here waits.
 */
@Contract
public interface Certificates {
  /**
   * The certificate for new connections.
   *
   * @throws IllegalStateException before the plugin has started
   */
  Identity current();

  /**
   * Tells every new certificate from now on.
   *
   * @param taker called on a thread of the plugin that offers; must not block it for long
   */
  void onChange(Consumer<Identity> taker);

  /**
   * What a connection that negotiated {@code acme-tls/1} is shown (RFC 8737). A listener with TLS
   * offers that protocol, and closes the connection after the handshake.
   *
   * @param serverName the name that the client asked for
   * @return empty when no authority is expected to ask
   */
  Optional<Identity> challenge(String serverName);

  /**
   * What {@code GET /.well-known/acme-challenge/TOKEN} is answered with (RFC 8555, 8.3). A listener
   * without TLS asks this first.
   *
   * @return empty when no authority is expected to ask for this token
   */
  Optional<String> answer(String token);
}
