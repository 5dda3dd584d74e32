package dev.rr.build.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Who one is to a registry. Immutable.
 *
 * @param user {@value #TOKEN} when the secret is an identity token, as Docker writes it
 * @param secret the password, or that token
 * @param source where it was found, for messages
 */
public record Login(String user, String secret, String source) {
  static final String TOKEN = "<token>";

  boolean isToken() {
    return user.equals(TOKEN);
  }

  /** The value of a header. */
  String basic() {
    byte[] both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  @Override
  public String toString() {
    return "Login[user=" + user + ", secret=***, source=" + source + "]";
  }
}
