package dev.rr.operator;

import dev.rr.http.ContentLength;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a plain listener listens, as the configuration spells it: {@code host:port}, {@code :port}
 * or {@code [v6]:port}, with or without {@code tcp://}.
 *
 * @param text as written
 * @param host empty for every IPv4 address
 */
public record OperatorAddress(String text, String host, int port) {
  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static OperatorAddress parse(String text) {
    String rest = text.startsWith("tcp://") ? text.substring("tcp://".length()) : text;
    int colon = rest.lastIndexOf(':');
    String host = colon < 0 ? "" : rest.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    long port = ContentLength.parse(rest.substring(colon + 1));
    boolean bare = !brackets && (host.contains(":") || host.contains("/") || host.contains("["));
    if (colon < 0 || port < 0 || port > 65_535 || bare) {
      throw new IllegalArgumentException(
          "`" + text + "` is not an address such as 127.0.0.1:8081 or :8081");
    }
    return new OperatorAddress(
        text, brackets ? host.substring(1, host.length() - 1) : host, (int) port);
  }

  /** The socket address. Blocks where a name has to be looked up. */
  InetSocketAddress resolve() throws UnknownHostException {
    InetAddress at =
        host.isEmpty() ? InetAddress.ofLiteral("0.0.0.0") : InetAddress.getByName(host);
    return new InetSocketAddress(at, port);
  }
}
