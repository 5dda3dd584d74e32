package dev.rr.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps passwords out of messages, which end in logs and in the answers of RPC. By name and form
 * alone, so that it works where no schema is known: for sections of plugins that are not in this
 * binary, and for values that are wrong before they are decoded. Stateless; any thread.
 */
public final class Secrets {
  /**
   * Parts of names, with underscores. Keys of upstream's plugins (license_key of New Relic, SASL's
   * password, access keys of queues) and the usual names of variables; {@code key} alone is not
   * one, as {@code http.ssl.key} is the path of a file.
   */
  private static final List<String> WORDS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "secret",
          "token",
          "license_key",
          "api_key",
          "apikey",
          "access_key",
          "private_key",
          "credential",
          "authorization");

  /** The password of an address, {@code amqp://guest:guest@127.0.0.1}; the user may be seen. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^:/@\\s]*):[^@/\\s]*@");

  /** Of a value in a message, in characters: enough to recognize it, and still one line. */
  private static final int LONGEST = 120;

  private Secrets() {}

  /**
   * Whether a key of this name holds something that must not be shown. A path may be given as well:
   * what stands below {@code credentials} is one of them.
   */
  public static boolean named(String key) {
    String lower = key.toLowerCase(Locale.ROOT).replace('-', '_');
    return WORDS.stream().anyMatch(lower::contains);
  }

  /** The text with the passwords of addresses masked. */
  static String withoutPasswords(String text) {
    return USER_INFO.matcher(text).replaceAll("$1:***@");
  }

  /**
   * A value that may be shown: passwords in addresses masked, one line, not too long. Control
   * characters become blanks, so that a value cannot forge a line of a log or drive a terminal.
   * Masked before it is cut, as an address that lost its end would not be known as one.
   */
  public static String shown(String text) {
    String masked = withoutPasswords(text).replaceAll("\\p{Cntrl}", " ");
    return masked.length() <= LONGEST ? masked : masked.substring(0, LONGEST) + "…";
  }
}
