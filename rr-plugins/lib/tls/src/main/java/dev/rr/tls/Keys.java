package dev.rr.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Private keys in DER. The JDK reads PKCS #8 alone, so the older kinds are put into it. */
final class Keys {
  /** Algorithm identifiers in DER: rsaEncryption with its NULL. */
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** id-ecPublicKey. */
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private Keys() {}

  static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // another algorithm's
      }
    }
    throw new IllegalArgumentException("it is damaged, or neither RSA, EC nor Ed25519");
  }

  static PrivateKey pkcs1(byte[] der) throws GeneralSecurityException {
    return pkcs8(wrapped(RSA, der));
  }

  /**
   * An EC key.
   *
   * @param curve the curve's name from a block before the key; null when there was none
   */
  static PrivateKey sec1(byte[] der, byte @Nullable [] curve) throws GeneralSecurityException {
    return pkcs8(wrapped(sequence(EC, curve == null ? curveOf(der) : curve), der));
  }

  /** Whether what one signs the other takes. */
  static boolean belong(PrivateKey key, PublicKey of) {
    byte[] sample = "sample".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signature = signature(key);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(of);
      signature.update(sample);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) {
      // A key of another algorithm or length.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Signature signature(PrivateKey key) throws GeneralSecurityException {
    if (key.getAlgorithm().equals("RSASSA-PSS")) {
      Signature pss = Signature.getInstance("RSASSA-PSS");
      PSSParameterSpec fixed =
          ((RSAKey) key).getParams() instanceof PSSParameterSpec given ? given : null;
      pss.setParameter(
          fixed != null
              ? fixed
              : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      return pss;
    }
    return Signature.getInstance(
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        });
  }

  /** PrivateKeyInfo (RFC 5208): version, algorithm, the key as an octet string. */
  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return sequence(new byte[] {2, 1, 0}, algorithm, tagged(0x04, key));
  }

  /**
   * The curve's name inside an EC key (RFC 5915): a sequence of version, key, the curve tagged [0],
   * the public key tagged [1].
   */
  private static byte[] curveOf(byte[] key) {
    try {
      int version = content(key, 0);
      int secret = end(key, version);
      int curve = end(key, secret);
      if (key[curve] == (byte) 0xa0) {
        return Arrays.copyOfRange(key, content(key, curve), end(key, curve));
      }
    } catch (IndexOutOfBoundsException e) {
      // It ends too early.
    }
    throw new IllegalArgumentException("it does not name its curve");
  }

  /** Where the content of the value at {@code at} begins. */
  private static int content(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length - 0x80);
  }

  /** Where the value at {@code at} ends. */
  private static int end(byte[] der, int at) {
    int content = content(der, at);
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < content; i++) {
        length = length << 8 | der[i] & 0xff;
      }
    }
    return content + length;
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
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
