package dev.rr.netty.tls;

import dev.rr.tls.ClientTrust;
import dev.rr.tls.ServerKeys;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes TLS contexts: protocols, suites, and what clients are asked. Any thread. */
public final class TlsContexts {
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Upstream's words for what clients may be asked, in small letters. */
  public static final Set<String> CLIENT_AUTH =
      Set.of(
          "no_client_cert",
          "no_client_certs",
          "request_client_cert",
          "require_any_client_cert",
          "verify_client_cert_if_given",
          "require_and_verify_client_cert");

  static {
    // A client of TLS 1.2 may have the costly part repeated as often as it likes. The file that is
    // packed sets it as well: whoever speaks TLS before this class is loaded decides for all.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private TlsContexts() {}

  /**
   * A server's context.
   *
   * @param protocols what is spoken above TLS, as ALPN names it, best first; empty for something
   *     without a name
   * @param authorities those that clients' certificates are checked against; without any, clients
   *     are not asked
   * @param clientAuth what clients are asked, one of {@link #CLIENT_AUTH} in any case; empty asks
   *     nothing
   * @throws IOException for the user
   */
  public static SslContext server(
      ServerKeys keys, List<String> protocols, List<X509Certificate> authorities, String clientAuth)
      throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(keys)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(CIPHERS);
    if (!protocols.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    if (!authorities.isEmpty()) {
      askClients(builder, authorities, clientAuth.toLowerCase(Locale.ROOT));
    }
    return builder.build();
  }

  private static void askClients(
      SslContextBuilder builder, List<X509Certificate> authorities, String how) throws IOException {
    switch (how) {
      case "request_client_cert" ->
          builder
              .clientAuth(ClientAuth.OPTIONAL)
              .trustManager(InsecureTrustManagerFactory.INSTANCE);
      case "require_any_client_cert" ->
          builder.clientAuth(ClientAuth.REQUIRE).trustManager(InsecureTrustManagerFactory.INSTANCE);
      case "verify_client_cert_if_given" ->
          builder.clientAuth(ClientAuth.OPTIONAL).trustManager(new ClientTrust(authorities));
      case "require_and_verify_client_cert" ->
          builder.clientAuth(ClientAuth.REQUIRE).trustManager(new ClientTrust(authorities));
      default -> builder.clientAuth(ClientAuth.NONE);
    }
  }
}
