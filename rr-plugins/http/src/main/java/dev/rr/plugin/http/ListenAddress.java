package dev.rr.plugin.http;

import dev.rr.http.ContentLength;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where to listen, as the configuration spells it.
 *
 * @param text as written
 * @param host empty for every IPv4 address
 * @param port -1 for a unix socket
 * @param path the socket's file, empty for TCP
 */
record ListenAddress(String text, String host, int port, String path) {
  private static final String ALLOWED = "; allowed are host:port, :port, [v6]:port and unix://path";

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static ListenAddress parse(String text) {
    int scheme = text.indexOf("://");
    String rest = scheme < 0 ? text : text.substring(scheme + 3);
    String kind = scheme < 0 ? "tcp" : text.substring(0, scheme);
    if (kind.equals("unix") && !rest.isEmpty()) {
      return new ListenAddress(text, "", -1, rest);
    }
    int colon = rest.lastIndexOf(':');
    if (!kind.equals("tcp") || colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is no address" + ALLOWED);
    }
    String host = rest.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    if (!brackets && host.contains(":")) {
      throw new IllegalArgumentException("'" + text + "' is no address" + ALLOWED);
    }
    long port = ContentLength.parse(rest.substring(colon + 1));
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + text + "' has no port from 0 to 65535 after its last colon" + ALLOWED);
    }
    return new ListenAddress(
        text, brackets ? host.substring(1, host.length() - 1) : host, (int) port, "");
  }

  /** Every socket address it stands for. */
  List<SocketAddress> resolve(Path workDirectory) throws IOException {
    if (!path.isEmpty()) {
      return List.of(UnixDomainSocketAddress.of(workDirectory.resolve(path)));
    }
    if (host.isEmpty()) {
      return List.of(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
    }
    List<SocketAddress> all = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(host)) {
      all.add(new InetSocketAddress(address, port));
    }
    return all;
  }
}
