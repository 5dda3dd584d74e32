package dev.rr.plugin.proxyipparser;

import dev.rr.api.http.HttpHeaders;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads client addresses out of headers, by upstream's rules. Values are not validated: the proxy
 * is trusted.
 */
final class ClientAddress {
  private static final Pattern FOR = Pattern.compile("(?i)for=([^(;|, )]+)");
  private static final int GROUPS = 8;

  private ClientAddress() {}

  /**
   * The first value that any of these headers gives, which may carry a port; empty when none does.
   *
   * @param names in lower case
   */
  static String find(HttpHeaders headers, List<String> names) {
    for (String name : names) {
      String value = headers.get(name, "");
      String address =
          switch (name) {
            case "forwarded" -> forwarded(value);
            case "x-forwarded-for" -> value.split(",", 2)[0];
            default -> value;
          };
      if (!address.isEmpty()) {
        return address;
      }
    }
    return "";
  }

  private static String forwarded(String value) {
    Matcher match = FOR.matcher(value);
    return match.find() ? match.group(1).replaceAll("^\"+|\"+$", "") : "";
  }

  /**
   * The host of {@code host:port}, {@code [v6]:port} and {@code [v6]}; a bare IPv6 address in its
   * usual spelling; what has no colon stays; empty for anything else.
   */
  static String withoutPort(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      return address;
    }
    if (address.startsWith("[")) {
      return withoutBrackets(address);
    }
    boolean bare = address.indexOf(':') != colon;
    return bare ? literal(address) : address.substring(0, colon);
  }

  private static String withoutBrackets(String address) {
    int close = address.indexOf(']');
    if (close < 0 || !address.substring(close + 1).matches("|:[^:\\[\\]]*")) {
      return "";
    }
    String host = address.substring(1, close);
    // Without a port it is nothing but an address, and has to be one.
    return close + 1 < address.length() ? host : literal(host);
  }

  private static String literal(String address) {
    if (address.indexOf('%') >= 0) {
      return "";
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet4Address
          ? parsed.getHostAddress()
          : shortened(parsed.getAddress());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** As RFC 5952 wants it: the longest run of zeros, the first of equals, becomes {@code ::}. */
  private static String shortened(byte[] bytes) {
    int from = -1;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && group(bytes, end) == 0) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    return from < 0
        ? groups(bytes, 0, GROUPS)
        : groups(bytes, 0, from) + "::" + groups(bytes, from + length, GROUPS);
  }

  private static String groups(byte[] bytes, int from, int until) {
    StringJoiner text = new StringJoiner(":");
    for (int i = from; i < until; i++) {
      text.add(Integer.toHexString(group(bytes, i)));
    }
    return text.toString();
  }

  private static int group(byte[] bytes, int index) {
    return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
  }
}
