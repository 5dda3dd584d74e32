package dev.rr.testing.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * Writes certificates (RFC 5280) in DER. The JDK has no public way to make one but its keytool,
 * each run of which takes a second.
 */
final class SelfSigned {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BITS = 0x03;
  private static final int OCTETS = 0x04;
  private static final int TEXT = 0x0c;
  private static final int TIME = 0x17;

  /** Tags of a certificate's own: its version, its extensions, and an address among names. */
  private static final int VERSION = 0xa0;

  private static final int EXTENSIONS = 0xa3;
  private static final int ADDRESS = 0x87;

  private static final byte[] COMMON_NAME = hex("0603550403");
  private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final long DAY = 86_400;
  private static final int VALID_DAYS = 30;

  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private SelfSigned() {}

  /**
   * A certificate for the loopback address, valid for thirty days.
   *
   * @param name its common name
   * @param begun how many days ago these began
   */
  static X509Certificate certificate(KeyPair pair, String name, int begun) throws Exception {
    Signature signing = signature(pair.getPrivate().getAlgorithm());
    byte[] algorithm = algorithm(pair.getPrivate().getAlgorithm());
    byte[] body = body(pair, der(SEQUENCE, name(name)), algorithm, begun);
    signing.initSign(pair.getPrivate());
    signing.update(body);
    byte[] whole = der(SEQUENCE, body, algorithm, der(BITS, new byte[1], signing.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private static byte[] body(KeyPair pair, byte[] name, byte[] algorithm, int begun) {
    Instant from = Instant.now().minusSeconds(begun * DAY);
    return der(
        SEQUENCE,
        der(VERSION, der(INTEGER, new byte[] {2})),
        der(INTEGER, new BigInteger(62, new SecureRandom()).add(BigInteger.ONE).toByteArray()),
        algorithm,
        name,
        der(SEQUENCE, moment(from), moment(from.plusSeconds(VALID_DAYS * DAY))),
        name,
        pair.getPublic().getEncoded(),
        der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, addresses()))));
  }

  private static byte[] name(String name) {
    return der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, name.getBytes(UTF_8))));
  }

  private static byte[] addresses() {
    return der(OCTETS, der(SEQUENCE, der(ADDRESS, LOOPBACK)));
  }

  private static byte[] moment(Instant moment) {
    return der(TIME, MOMENT.format(moment).getBytes(US_ASCII));
  }

  private static Signature signature(String key) throws Exception {
    Signature signature =
        Signature.getInstance(
            switch (key) {
              case "EC" -> "SHA256withECDSA";
              case "RSA" -> "SHA256withRSA";
              default -> key;
            });
    if (key.equals("RSASSA-PSS")) {
      signature.setParameter(PSS);
    }
    return signature;
  }

  /** What says how the certificate is signed: an object identifier, and parameters. */
  private static byte[] algorithm(String key) throws Exception {
    return switch (key) {
      case "EC" -> der(SEQUENCE, hex("06082a8648ce3d040302"));
      case "RSA" -> der(SEQUENCE, hex("06092a864886f70d01010b0500"));
      case "RSASSA-PSS" -> {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance(key);
        parameters.init(PSS);
        yield der(SEQUENCE, hex("06092a864886f70d01010a"), parameters.getEncoded());
      }
      default -> der(SEQUENCE, hex("06032b6570"));
    };
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** A value behind its tag and its length. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] bytes = BigInteger.valueOf(length).toByteArray();
      int zero = bytes[0] == 0 ? 1 : 0;
      out.write(0x80 + bytes.length - zero);
      out.write(bytes, zero, bytes.length - zero);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
