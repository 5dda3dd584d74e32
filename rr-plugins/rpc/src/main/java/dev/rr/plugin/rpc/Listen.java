package dev.rr.plugin.rpc;

import java.nio.file.Path;

/** A parsed listen address. */
sealed interface Listen {
  /**
   * A TCP address.
   *
   * @param host empty for every IPv4 address of the machine; without the brackets of an IPv6
   *     address
   * @param port from 0 to 65535; 0 lets the system choose
   */
  record Tcp(String host, int port) implements Listen {}

  /** A unix socket. */
  record Unix(Path path) implements Listen {}

  /** The same address; a relative path of a socket is taken from this folder. */
  default Listen from(Path folder) {
    return this instanceof Unix(Path path) ? new Unix(folder.resolve(path)) : this;
  }

  /**
   * Parses {@code tcp://host:port} or {@code unix://path}.
   *
   * @throws IllegalArgumentException says what is wrong and what is allowed
   */
  static Listen parse(String dsn) {
    int scheme = dsn.indexOf("://");
    if (scheme < 0 || dsn.indexOf("://", scheme + 1) >= 0) {
      throw new IllegalArgumentException(
          "\"" + dsn + "\": invalid socket DSN (tcp://:6001, unix://file.sock)");
    }
    String address = dsn.substring(scheme + 3);
    return switch (dsn.substring(0, scheme)) {
      case "tcp" -> tcp(dsn, address);
      case "unix" -> unix(dsn, address);
      default ->
          throw new IllegalArgumentException(
              "invalid Protocol ([tcp://]:6001, unix://file.sock), address: " + dsn);
    };
  }

  private static Listen tcp(String dsn, String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    int port = colon < 0 ? -1 : port(address.substring(colon + 1));
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (port < 0 || (host.indexOf(':') >= 0 && !bracketed)) {
      throw new IllegalArgumentException(
          "\"" + dsn + "\": expected tcp://host:port with a port from 0 to 65535");
    }
    return new Tcp(bracketed ? host.substring(1, host.length() - 1) : host, port);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= 65_535 ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static Listen unix(String dsn, String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + dsn + "\": expected unix://path of the socket file");
    }
    return new Unix(Path.of(path));
  }
}
