package dev.rr.net;

import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The forms of an address that a key takes. The grammar and the messages are the same for all; they
 * differ in what may stand before and behind {@code ://}, as upstream's keys do. Immutable.
 *
 * @param <A> what comes out: where unix sockets are not possible, a port always
 */
public final class AddressForms<A extends Address> {
  /** A listener that takes either kind; a port needs no {@code tcp://}. */
  public static final AddressForms<Address> LISTENER =
      new AddressForms<>(
          Address.class,
          Scheme.OPTIONAL,
          "host:port, :port, [v6]:port and unix://path",
          "127.0.0.1:8080");

  /** A listener that cannot have a unix socket. */
  public static final AddressForms<Address.Tcp> PORT =
      new AddressForms<>(
          Address.Tcp.class, Scheme.OPTIONAL, "host:port, :port and [v6]:port", "127.0.0.1:8080");

  /** Either kind, told apart by what stands before {@code ://}: what PHP's side reads as well. */
  public static final AddressForms<Address> DSN =
      new AddressForms<>(
          Address.class,
          Scheme.REQUIRED,
          "tcp://host:port, tcp://:port, tcp://[v6]:port and unix://path",
          "tcp://127.0.0.1:6001");

  /** As {@link #DSN}, for a key that also takes {@code pipes}, which is no address. */
  public static final AddressForms<Address> RELAY =
      new AddressForms<>(
          Address.class,
          Scheme.REQUIRED,
          "pipes, tcp://host:port, tcp://:port, tcp://[v6]:port and unix://path",
          "unix://relay.sock");

  /** A port of UDP. */
  public static final AddressForms<Address.Tcp> DATAGRAM =
      new AddressForms<>(
          Address.Tcp.class, Scheme.NONE, "host:port, :port and [v6]:port", "0.0.0.0:443");

  private enum Scheme {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  private static final String SEPARATOR = "://";
  private static final int MAX_PORT = 65_535;

  private final Class<A> type;
  private final Scheme scheme;
  private final String allowed;
  private final String example;

  private AddressForms(Class<A> type, Scheme scheme, String allowed, String example) {
    this.type = type;
    this.scheme = scheme;
    this.allowed = allowed;
    this.example = example;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException says what is wrong with it, what is allowed, and an example
   */
  public A parse(String text) {
    try {
      return type.cast(read(text));
    } catch (Fault e) {
      throw new IllegalArgumentException(
          "'%s' is no address: %s; allowed are %s%s"
              .formatted(text, e.getMessage(), allowed, meant(text)));
    }
  }

  /** A port alone, and an address of another key's form, are what most have in mind. */
  private String meant(String text) {
    String tcp = scheme == Scheme.REQUIRED ? "tcp://" : "";
    return Stream.of(tcp + ":" + text, tcp + text, text.replaceFirst("^tcp://", ""))
        .filter(other -> !text.isEmpty() && isRight(other))
        .findFirst()
        .map(other -> "; did you mean '" + other + "'?")
        .orElse(", for example " + example);
  }

  private boolean isRight(String text) {
    try {
      return type.isInstance(read(text));
    } catch (Fault e) {
      return false;
    }
  }

  /** What is wrong with a text, as {@link #parse} would say it; empty when nothing is. */
  public Optional<String> problem(String text) {
    try {
      var unused = parse(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Address read(String text) throws Fault {
    int end = text.indexOf(SEPARATOR);
    if (end < 0 && scheme == Scheme.REQUIRED) {
      throw new Fault("it does not begin with tcp:// or unix://");
    }
    String before = end < 0 ? "tcp" : text.substring(0, end);
    String rest = end < 0 ? text : text.substring(end + SEPARATOR.length());
    if (end >= 0 && scheme == Scheme.NONE) {
      throw new Fault(
          "nothing stands before a port of UDP, " + before + SEPARATOR + " is too much");
    }
    return switch (before) {
      case "tcp" -> tcp(text, rest);
      case "unix" -> unix(text, rest);
      default -> throw new Fault(before + SEPARATOR + " is not known");
    };
  }

  private Address unix(String text, String path) throws Fault {
    if (type == Address.Tcp.class) {
      throw new Fault("a unix socket is not possible here");
    }
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new Fault("it names no file");
    }
    return new Address.Unix(text, path);
  }

  private static Address tcp(String text, String rest) throws Fault {
    int colon = rest.lastIndexOf(':');
    if (colon < 0 || rest.endsWith("]")) {
      throw new Fault("it has no port");
    }
    return new Address.Tcp(text, host(rest.substring(0, colon)), port(rest.substring(colon + 1)));
  }

  private static String host(String written) throws Fault {
    boolean brackets = written.startsWith("[") && written.endsWith("]");
    String host = brackets ? written.substring(1, written.length() - 1) : written;
    if (host.indexOf(':') >= 0) {
      if (!isLiteral(host)) {
        throw new Fault("'" + host + "' is no IPv6 address");
      }
      if (!brackets) {
        throw new Fault("an IPv6 address stands in brackets");
      }
    } else if (!host.chars().allMatch(AddressForms::mayNameHost)) {
      throw new Fault("'" + written + "' is no host");
    }
    return host;
  }

  /** Whether it is an IPv6 address; whether its zone is one of this machine's shows later. */
  private static boolean isLiteral(String host) {
    int zone = host.indexOf('%');
    try {
      var unused = InetAddress.ofLiteral(zone < 0 ? host : host.substring(0, zone));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean mayNameHost(int c) {
    return c > ' ' && "/[]@?#\\".indexOf(c) < 0;
  }

  private static int port(String digits) throws Fault {
    int port = 0;
    for (int i = 0; i < digits.length() && port <= MAX_PORT; i++) {
      int digit = digits.charAt(i) - '0';
      port = digit < 0 || digit > 9 ? MAX_PORT + 1 : port * 10 + digit;
    }
    if (digits.isEmpty() || port > MAX_PORT) {
      throw new Fault("'" + digits + "' is no port from 0 to 65535");
    }
    return port;
  }

  /** What is wrong, in a few words. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    Fault(String text) {
      super(text, null, false, false);
    }
  }
}
