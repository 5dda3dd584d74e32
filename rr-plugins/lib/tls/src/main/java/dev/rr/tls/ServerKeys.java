package dev.rr.tls;

import dev.rr.api.tls.Identity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS server shows: one identity to everybody, and to an authority that checks a domain (RFC
 * 8737) the challenge for the name it asks for. Any thread.
 */
public final class ServerKeys extends X509ExtendedKeyManager {
  /** The protocol that authorities negotiate. */
  public static final String ACME_TLS = "acme-tls/1";

  private static final String USUAL = "usual";
  private static final String CHALLENGE = "challenge:";

  private final @Nullable Identity usual;
  private final Function<String, Optional<Identity>> challenges;

  /**
   * Shows these.
   *
   * @param usual null to refuse everybody but an authority
   * @param challenges what an authority that asks for a name is shown; the name in lower case
   */
  public ServerKeys(@Nullable Identity usual, Function<String, Optional<Identity>> challenges) {
    this.usual = usual;
    this.challenges = challenges;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType, engine.getHandshakeApplicationProtocol(), engine.getHandshakeSession());
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return socket instanceof SSLSocket secure
        ? choose(keyType, secure.getHandshakeApplicationProtocol(), secure.getHandshakeSession())
        : null;
  }

  private @Nullable String choose(
      String keyType, @Nullable String protocol, @Nullable SSLSession session) {
    String alias = ACME_TLS.equals(protocol) ? CHALLENGE + serverName(session) : USUAL;
    Identity identity = find(alias);
    return identity != null && identity.key().getAlgorithm().equals(keyType) ? alias : null;
  }

  private static String serverName(@Nullable SSLSession session) {
    return session instanceof ExtendedSSLSession extended
        ? extended.getRequestedServerNames().stream()
            .filter(SNIHostName.class::isInstance)
            .map(n -> ((SNIHostName) n).getAsciiName().toLowerCase(Locale.ROOT))
            .findFirst()
            .orElse("")
        : "";
  }

  private @Nullable Identity find(String alias) {
    return alias.startsWith(CHALLENGE)
        ? challenges.apply(alias.substring(CHALLENGE.length())).orElse(null)
        : usual;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Identity identity = find(alias);
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Identity identity = find(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return List.of(USUAL).toArray(String[]::new);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
