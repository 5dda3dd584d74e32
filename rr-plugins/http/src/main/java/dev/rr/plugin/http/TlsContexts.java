package dev.rr.plugin.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS contexts from PEM files: keys in PKCS #8, PKCS #1 (RSA) and SEC 1 (EC). Any thread;
 * reads files.
 */
final class TlsContexts {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
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

  /** Algorithm identifiers in DER: rsaEncryption with its NULL. */
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** id-ecPublicKey. */
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private TlsContexts() {}

  /**
   * A server's context.
   *
   * @param authorities PEM file of those that clients' certificates are checked against; without it
   *     clients are not asked
   * @param clientAuth upstream's word for what clients are asked
   */
  static SslContext server(Path cert, Path key, @Nullable Path authorities, String clientAuth)
      throws IOException, GeneralSecurityException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(privateKey(key), certificates(cert))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(CIPHERS)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
    if (authorities != null) {
      askClients(builder, authorities, clientAuth.toLowerCase(Locale.ROOT));
    }
    return builder.build();
  }

  private static void askClients(SslContextBuilder builder, Path authorities, String how)
      throws IOException, GeneralSecurityException {
    switch (how) {
      case "request_client_cert" ->
          builder
              .clientAuth(ClientAuth.OPTIONAL)
              .trustManager(InsecureTrustManagerFactory.INSTANCE);
      case "require_any_client_cert" ->
          builder.clientAuth(ClientAuth.REQUIRE).trustManager(InsecureTrustManagerFactory.INSTANCE);
      case "verify_client_cert_if_given" ->
          builder.clientAuth(ClientAuth.OPTIONAL).trustManager(certificates(authorities));
      case "require_and_verify_client_cert" ->
          builder.clientAuth(ClientAuth.REQUIRE).trustManager(certificates(authorities));
      default -> builder.clientAuth(ClientAuth.NONE);
    }
  }

  private static X509Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    List<X509Certificate> found = new java.util.ArrayList<>();
    while (blocks.find()) {
      if (blocks.group(1).equals("CERTIFICATE")) {
        found.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(decode(blocks.group(2)))));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate in " + file);
    }
    return found.toArray(X509Certificate[]::new);
  }

  private static byte[] decode(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    byte @Nullable [] curve = null;
    while (blocks.find()) {
      byte[] der = decode(blocks.group(2));
      switch (blocks.group(1)) {
        case "EC PARAMETERS" -> curve = der;
        case "PRIVATE KEY" -> {
          return key(der, file);
        }
        case "RSA PRIVATE KEY" -> {
          return key(pkcs8(RSA, der), file);
        }
        case "EC PRIVATE KEY" -> {
          return key(pkcs8(sequence(EC, curve == null ? curveOf(der) : curve), der), file);
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException("the key in " + file + " is encrypted");
        default -> {}
      }
    }
    throw new IllegalArgumentException("there is no private key in " + file);
  }

  private static PrivateKey key(byte[] pkcs8, Path file) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // another algorithm's
      }
    }
    throw new IllegalArgumentException("the key in " + file + " is of no known kind");
  }

  /** PrivateKeyInfo (RFC 5208): version, algorithm, the key as an octet string. */
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return sequence(new byte[] {2, 1, 0}, algorithm, tagged(0x04, key));
  }

  /** The curve's name inside an EC key: its parameters are the part tagged [0]. */
  private static byte[] curveOf(byte[] key) {
    for (int i = 0; i + 2 < key.length; i++) {
      if ((key[i] & 0xff) == 0xa0 && key[i + 2] == 0x06 && i + 2 + key[i + 1] <= key.length) {
        return java.util.Arrays.copyOfRange(key, i + 2, i + 2 + key[i + 1]);
      }
    }
    throw new IllegalArgumentException("the EC key does not name its curve");
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return tagged(0x30, all.toByteArray());
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
