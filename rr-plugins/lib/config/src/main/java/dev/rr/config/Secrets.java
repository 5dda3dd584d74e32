package dev.rr.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps passwords out of messages. Stateless. */
public final class Secrets {
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
  private static final Pattern USER_INFO = Pattern.compile("(://[^:/@\\s]*):[^@/\\s]*@");
  private static final int LONGEST = 120;

  private Secrets() {}

  /** Whether a key of this name holds something that must not be shown. */
  public static boolean named(String key) {
    String lower = key.toLowerCase(Locale.ROOT).replace('-', '_');
    return WORDS.stream().anyMatch(lower::contains);
  }

  /** The text with the passwords of addresses masked. */
  static String withoutPasswords(String text) {
    return USER_INFO.matcher(text).replaceAll("$1:***@");
  }

  /** A value that may be shown: passwords in addresses masked, one line, not too long. */
  public static String shown(String text) {
    String masked = withoutPasswords(text).replaceAll("\\p{Cntrl}", " ");
    return masked.length() <= LONGEST ? masked : masked.substring(0, LONGEST) + "…";
  }
}
