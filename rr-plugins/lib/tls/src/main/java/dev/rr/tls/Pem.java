package dev.rr.tls;

import dev.rr.api.tls.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates in PEM files. Keys may be in PKCS #8, PKCS #1 (RSA) and SEC 1 (EC); what
 * stands between the blocks is skipped. Stateless; reads files.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final int LINE = 64;

  private Pem() {}

  private record Block(String kind, String content) {
    byte[] der(Path file) throws IOException {
      if (content.contains("ENCRYPTED")) {
        throw new IOException(
            "the key in " + file + " is encrypted; write it without a passphrase");
      }
      try {
        return Base64.getMimeDecoder().decode(content);
      } catch (IllegalArgumentException e) {
        throw new IOException("a block in " + file + " is no base64", e);
      }
    }
  }

  /**
   * A server's key and certificate chain, one file each or both in one.
   *
   * @throws IOException when a file cannot be read, holds nothing fit, or the two do not belong
   *     together; the message is for the user
   */
  public static Identity identity(Path cert, Path key) throws IOException {
    List<X509Certificate> chain = certificates(cert);
    PrivateKey privateKey = privateKey(key);
    if (!Keys.belong(privateKey, chain.getFirst().getPublicKey())) {
      throw new IOException(
          "the key in "
              + key
              + " does not belong to the "
              + (chain.size() > 1 ? "first " : "")
              + "certificate in "
              + cert);
    }
    return new Identity(privateKey, chain);
  }

  /**
   * Every certificate of a file, in its order.
   *
   * @throws IOException when it cannot be read or has none; the message is for the user
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.kind().equals("CERTIFICATE")) {
        found.add(certificate(block.der(file), file));
      }
    }
    if (found.isEmpty()) {
      throw new IOException("there is no certificate in " + file);
    }
    return found;
  }

  private static X509Certificate certificate(byte[] der, Path file) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IOException("a certificate in " + file + " is damaged", e);
    }
  }

  /**
   * The first private key of a file.
   *
   * @throws IOException when it cannot be read, has none, or it is encrypted; the message is for
   *     the user
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    byte @Nullable [] curve = null;
    for (Block block : blocks(file)) {
      if (block.kind().equals("ENCRYPTED PRIVATE KEY")) {
        throw new IOException(
            "the key in " + file + " is encrypted; write it without a passphrase");
      }
      if (block.kind().equals("EC PARAMETERS")) {
        curve = block.der(file);
      } else if (block.kind().endsWith("PRIVATE KEY")) {
        return privateKey(block, curve, file);
      }
    }
    throw new IOException("there is no private key in " + file);
  }

  private static PrivateKey privateKey(Block block, byte @Nullable [] curve, Path file)
      throws IOException {
    byte[] der = block.der(file);
    try {
      return switch (block.kind()) {
        case "PRIVATE KEY" -> Keys.pkcs8(der);
        case "RSA PRIVATE KEY" -> Keys.pkcs1(der);
        case "EC PRIVATE KEY" -> Keys.sec1(der, curve);
        default ->
            throw new IOException(
                "the key in "
                    + file
                    + " is of the kind "
                    + block.kind()
                    + "; allowed are RSA, EC and Ed25519 in PKCS #8, PKCS #1 or SEC 1");
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the key in " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static List<Block> blocks(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
    List<Block> found = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      found.add(new Block(blocks.group(1), blocks.group(2)));
    }
    return found;
  }

  /**
   * What {@link #text(KeyPair)} wrote.
   *
   * @throws IOException when it cannot be read or is damaged; the message is for the user
   */
  public static KeyPair keyPair(Path file) throws IOException {
    PrivateKey privateKey = privateKey(file);
    for (Block block : blocks(file)) {
      if (block.kind().equals("PUBLIC KEY")) {
        try {
          return new KeyPair(
              KeyFactory.getInstance(privateKey.getAlgorithm())
                  .generatePublic(new X509EncodedKeySpec(block.der(file))),
              privateKey);
        } catch (GeneralSecurityException e) {
          throw new IOException("the public key in " + file + " is damaged", e);
        }
      }
    }
    throw new IOException("there is no public key in " + file);
  }

  /** A private key in PKCS #8, then the public one. */
  public static String text(KeyPair pair) {
    return block("PRIVATE KEY", pair.getPrivate().getEncoded())
        + block("PUBLIC KEY", pair.getPublic().getEncoded());
  }

  /** A key in PKCS #8, then its certificates. */
  public static String text(Identity identity) throws GeneralSecurityException {
    StringBuilder all = new StringBuilder(block("PRIVATE KEY", identity.key().getEncoded()));
    for (X509Certificate certificate : identity.chain()) {
      all.append(block("CERTIFICATE", certificate.getEncoded()));
    }
    return all.toString();
  }

  private static String block(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
