package dev.rr.goridge;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** What {@code server.relay} says: pipes, or a socket that workers dial. Immutable. */
public sealed interface RelayAddress {
  /** Workers speak on stdin and stdout. */
  record Pipe() implements RelayAddress {}

  /**
   * Workers dial over TCP.
   *
   * @param host empty for every address of the machine
   * @param port 0 for any free one
   */
  record Tcp(String host, int port) implements RelayAddress {}

  /**
   * Workers dial a unix socket.
   *
   * @param path as written
   */
  record Unix(String path) implements RelayAddress {}

  /**
   * Reads a DSN.
   *
   * @throws IllegalArgumentException in upstream's words
   */
  static RelayAddress parse(String dsn) {
    if (dsn.isBlank() || dsn.equals("pipes")) {
      return new Pipe();
    }
    int colon = dsn.indexOf("://");
    if (colon < 0) {
      throw new IllegalArgumentException("invalid DSN (tcp://:6001, unix://file.sock): " + dsn);
    }
    String rest = dsn.substring(colon + 3);
    return switch (dsn.substring(0, colon)) {
      case "tcp" -> tcp(dsn, rest);
      case "unix" -> unix(dsn, rest);
      default ->
          throw new IllegalArgumentException(
              "invalid Protocol ([tcp://]:6001, unix://file.sock), address: " + dsn);
    };
  }

  /** Where to listen; relative paths begin at {@code directory}. */
  static SocketAddress socket(RelayAddress address, Path directory) {
    return switch (address) {
      case Pipe pipe -> throw new IllegalArgumentException("pipes are not listened to");
      case Tcp tcp when tcp.host().isEmpty() -> new InetSocketAddress(tcp.port());
      case Tcp tcp -> new InetSocketAddress(tcp.host(), tcp.port());
      case Unix unix -> UnixDomainSocketAddress.of(directory.resolve(unix.path()));
    };
  }

  private static RelayAddress tcp(String dsn, String rest) {
    int colon = rest.lastIndexOf(':');
    try {
      int port = Integer.parseInt(rest.substring(colon + 1));
      if (colon >= 0 && port >= 0 && port <= 65_535) {
        String host = rest.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Tcp(bracketed ? host.substring(1, host.length() - 1) : host, port);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "invalid DSN (tcp://:6001, unix://file.sock): " + dsn + " has no port from 0 to 65535");
  }

  private static RelayAddress unix(String dsn, String rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(
          "invalid DSN (tcp://:6001, unix://file.sock): " + dsn + " names no file");
    }
    return new Unix(rest);
  }
}
