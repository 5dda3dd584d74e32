package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.Nearest;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker is, and who asks. By RabbitMQ's rules for addresses, but that a path of {@code
 * /} is the virtual host of that name, as it is to upstream.
 *
 * @param tls whether TLS is spoken
 */
record BrokerAddress(
    boolean tls,
    String host,
    int port,
    String user,
    String password,
    String virtualHost,
    Tuning tuning) {
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;
  private static final String GUEST = "guest";

  /**
   * What stands behind the question mark, by RabbitMQ's names.
   *
   * @param heartbeatSeconds after twice that without a sign the peer is gone; 0 for the broker's
   * @param connectMillis for a connection, and again for the broker's greeting
   * @param channels the most of one connection; 0 for the broker's
   */
  record Tuning(int heartbeatSeconds, int connectMillis, int channels) {
    /** Upstream's client asks for the same heartbeat. */
    static final Tuning USUAL = new Tuning(10, 10_000, 0);

    private static final String HEARTBEAT = "heartbeat";
    private static final String TIMEOUT = "connection_timeout";
    private static final String CHANNELS = "channel_max";
    private static final List<String> KNOWN = List.of(CHANNELS, TIMEOUT, HEARTBEAT);

    /** The most that the protocol has a place for. */
    private static final int MOST = 65_535;

    private static final int LONGEST_MILLIS = 600_000;

    private static Tuning parse(@Nullable String query) {
      Tuning tuning = USUAL;
      for (String part : query == null ? new String[0] : query.split("&", -1)) {
        String[] pair = part.split("=", 2);
        tuning = tuning.with(pair[0], pair.length > 1 ? pair[1] : "");
      }
      return tuning;
    }

    private Tuning with(String key, String value) {
      return switch (key) {
        case HEARTBEAT -> new Tuning(number(key, value, 0, MOST), connectMillis, channels);
        case TIMEOUT ->
            new Tuning(heartbeatSeconds, number(key, value, 1, LONGEST_MILLIS), channels);
        // One for jobs, and one for what is asked beside them.
        case CHANNELS -> new Tuning(heartbeatSeconds, connectMillis, number(key, value, 2, MOST));
        default -> throw unknown(key);
      };
    }

    private static int number(String key, String value, int least, int most) {
      int number = value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException(
            "has '" + value + "' as " + key + "; allowed: " + least + " to " + most);
      }
      return number;
    }

    private static IllegalArgumentException unknown(String key) {
      String near = Nearest.to(key, KNOWN);
      return new IllegalArgumentException(
          "has the parameter '"
              + key
              + "'; allowed: "
              + String.join(", ", KNOWN)
              + (near == null
                  ? "; files for TLS stand in amqp.tls"
                  : "; did you mean " + near + "?"));
    }
  }

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
        virtualHost(uri.getRawPath()),
        Tuning.parse(uri.getRawQuery()));
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
