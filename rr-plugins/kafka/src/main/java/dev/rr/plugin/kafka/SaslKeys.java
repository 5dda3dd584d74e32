package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Map;

/** Who this is to the brokers: {@code kafka.sasl}, and {@code sasl_options} of a pipeline. */
@ConfigSection
record SaslKeys(
    @Key(doc = "plain, SCRAM-SHA-256 or SCRAM-SHA-512.") String mechanism,
    @Key(doc = "The user.") String username,
    @Key(secret = true, doc = "The user's password.") String password,
    @Key(doc = "As whom the user acts; the user itself, if anybody.") String zid,
    @Key(secret = true, doc = "Nothing: the library makes one.") String nonce,
    @Key(doc = "Whether user and password are a delegation token's; of SCRAM.") boolean isToken,
    @Key(secret = true, doc = "Of aws_msk_iam, which is not there.") String accessKey,
    @Key(secret = true, doc = "Of aws_msk_iam, which is not there.") String secretKey,
    @Key(secret = true, doc = "Of aws_msk_iam, which is not there.") String sessionToken,
    @Key(doc = "Of aws_msk_iam, which is not there.") String userAgent)
    implements Checked {
  private static final String LOGIN = "org.apache.kafka.common.security.";

  /** How it is proven. */
  enum Mechanism implements Word {
    PLAIN("plain", LOGIN + "plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", LOGIN + "scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", LOGIN + "scram.ScramLoginModule");

    private final String word;
    private final String module;

    Mechanism(String word, String module) {
      this.word = word;
      this.module = module;
    }

    @Override
    public String word() {
      return word;
    }
  }

  @Override
  public void check(Section at) {
    at.parse(
        "mechanism",
        () -> {
          var unused = known();
        });
    if (!zid.isEmpty() && !zid.equals(username)) {
      at.problem("zid", "the library cannot act as somebody else than " + username);
    }
  }

  private Mechanism known() {
    if (mechanism.isBlank()) {
      throw new IllegalArgumentException(
          "unknown SASL authorization mechanism: none; allowed: plain, SCRAM-SHA-256,"
              + " SCRAM-SHA-512");
    }
    return Word.of(
        Mechanism.class, mechanism, Mechanism.PLAIN, "unknown SASL authorization mechanism");
  }

  /** What clients are made with. */
  Map<String, Object> properties() {
    Mechanism known = known();
    String token = isToken && known != Mechanism.PLAIN ? " tokenauth=\"true\"" : "";
    return Map.of(
        "sasl.mechanism",
        known == Mechanism.PLAIN ? "PLAIN" : known.word(),
        "sasl.jaas.config",
        known.module
            + " required username="
            + quoted(username)
            + " password="
            + quoted(password)
            + token
            + ";");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "SaslKeys[mechanism=%s, username=%s]".formatted(mechanism, username);
  }
}
