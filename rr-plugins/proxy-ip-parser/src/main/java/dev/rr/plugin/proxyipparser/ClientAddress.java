package dev.rr.plugin.proxyipparser;

import dev.rr.api.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads client addresses out of headers, by upstream's rules. Values are not validated: the proxy
 * is trusted.
 */
final class ClientAddress {
  private static final Pattern FOR = Pattern.compile("(?i)for=([^(;|, )]+)");

  private ClientAddress() {}

  /** The first address that any of these headers gives; empty when none does. */
  static String find(HttpHeaders headers, List<String> names) {
    for (String name : names) {
      String value = headers.get(name, "");
      String address =
          switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "forwarded" -> forwarded(value);
            case "x-forwarded-for" -> value.split(",", 2)[0];
            default -> value;
          };
      if (!address.isEmpty()) {
        return withoutPort(address);
      }
    }
    return "";
  }

  private static String forwarded(String value) {
    Matcher match = FOR.matcher(value);
    return match.find() ? match.group(1).replace("\"", "") : "";
  }

  /**
   * The host of {@code host:port} and {@code [v6]:port}; a name or a bare address stays; empty for
   * anything else.
   */
  static String withoutPort(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      return address;
    }
    if (address.startsWith("[")) {
      int close = address.indexOf(']');
      return close > 0 ? address.substring(1, close) : "";
    }
    if (address.indexOf(':') == colon) {
      return address.substring(0, colon);
    }
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
