package dev.rr.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Fields on their way to the client. Any thread. */
public final class SentFields {
  private SentFields() {}

  /** Takes one field. */
  @FunctionalInterface
  public interface Taker {
    /** Takes a field, its value in the bytes that go out. */
    void add(String name, byte[] value);
  }

  /**
   * Gives the fields as HTTP/2 and HTTP/3 send them: names in lower case, values that cannot end a
   * line. What is no name is left out, as is what those protocols forbid (RFC 9113, section 8.2.2;
   * RFC 9114, section 4.2) and the length, which the transport tells by itself.
   */
  public static void framed(HttpHeaders fields, Taker to) {
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.name(i).toLowerCase(Locale.ROOT);
      if (HeaderNames.isToken(name) && !isOfConnection(name) && !name.equals("content-length")) {
        to.add(name, bytes(clean(fields.value(i)).strip()));
      }
    }
  }

  /** Whether a name, in lower case, speaks of the connection, which is framed without it. */
  static boolean isOfConnection(String name) {
    return switch (name) {
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> true;
      default -> false;
    };
  }

  /**
   * A value as it may stand in a field (RFC 9110, section 5.5): what could end its line becomes a
   * blank, other control characters are left out.
   */
  public static String clean(String value) {
    return Controls.in(value) ? withoutControls(value) : value;
  }

  private static String withoutControls(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == '\0') {
        out.append(' ');
      } else if (!Controls.is(c)) {
        out.append(c);
      }
    }
    return out.toString().strip();
  }

  /**
   * The bytes of a byte string, whose characters are one byte each. Text with a character past 0xff
   * is none; it goes out in UTF-8.
   */
  private static byte[] bytes(String text) {
    return text.getBytes(
        HttpText.isBytes(text) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }
}
