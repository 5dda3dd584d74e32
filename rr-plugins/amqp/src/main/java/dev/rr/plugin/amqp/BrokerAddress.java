package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Locale;

/**
 * Where the broker is, and who asks. By RabbitMQ's rules for addresses, but that a path of {@code
 * /} is the virtual host of that name, as it is to upstream.
 *
 * @param tls whether TLS is spoken
 */
record BrokerAddress(
    boolean tls, String host, int port, String user, String password, String virtualHost) {
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;
  private static final String GUEST = "guest";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException says what is wrong, without the password
   */
  static BrokerAddress parse(String text) {
    URI uri = uri(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("amqps");
    if (!tls && !scheme.equals("amqp")) {
      throw new IllegalArgumentException(
          "begins with '" + scheme + "'; allowed: amqp:// and amqps://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("has no host; write amqp://user:password@host:5672/");
    }
    int port = uri.getPort() < 0 ? (tls ? TLS_PORT : PORT) : uri.getPort();
    String[] user =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    return new BrokerAddress(
        tls,
        uri.getHost().replaceAll("[\\[\\]]", ""),
        port,
        user.length > 0 ? decoded(user[0]) : GUEST,
        user.length > 1 ? decoded(user[1]) : GUEST,
        virtualHost(uri.getRawPath()));
  }

  private static URI uri(String text) {
    try {
      return new URI(text.strip());
    } catch (URISyntaxException e) {
      // Its message repeats the address, and the password in it.
      throw new IllegalArgumentException(
          "is no address; write amqp://user:password@host:5672/, with %40 for @ in a password", e);
    }
  }

  private static String virtualHost(String path) {
    return path.length() < 2 ? "/" : decoded(path.substring(1));
  }

  /** Percent signs only: a plus is a plus. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  /** For messages; without user and password. */
  @Override
  public String toString() {
    return "amqp at " + host + ":" + port + (virtualHost.equals("/") ? "" : ", " + virtualHost);
  }
}
