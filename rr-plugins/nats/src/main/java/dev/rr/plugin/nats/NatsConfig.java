package dev.rr.plugin.nats;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The {@code nats} section; upstream's key and default. */
@ConfigSection("nats")
record NatsConfig(
    @Key(
            fallback = NatsConfig.DEFAULT,
            doc =
                "Where nats-server listens: nats://host:port, or tls:// for TLS, with"
                    + " user:password@ or token@ before the host; several servers of a cluster with"
                    + " commas between.")
        String addr)
    implements Checked {
  static final String DEFAULT = "nats://127.0.0.1:4222";

  static final int PORT = 4222;

  private static final Set<String> SCHEMES = Set.of("nats", "tls", "ws", "wss");

  NatsConfig {
    addr = addr.isBlank() ? DEFAULT : addr;
  }

  /** The servers, one each. */
  List<String> servers() {
    return Arrays.stream(addr.split(",", -1)).map(String::strip).toList();
  }

  /** The servers as addresses; a port may be left out. */
  List<URI> addresses() {
    return servers().stream().map(server -> URI.create(withScheme(server))).toList();
  }

  private static String withScheme(String server) {
    return server.contains("://") ? server : "nats://" + server;
  }

  @Override
  public void check(Section at) {
    servers().forEach(server -> at.parse("addr", () -> check(server)));
  }

  private static void check(String server) {
    String fault = fault(withScheme(server));
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is no server: %s; allowed are nats://host:port and tls://host:port"
              .formatted(NatsServer.withoutUser(server), fault));
    }
  }

  private static String fault(String server) {
    try {
      URI uri = new URI(server);
      if (!SCHEMES.contains(uri.getScheme())) {
        return uri.getScheme() + ":// is not known";
      }
      return uri.getHost() == null ? "it has no host" : "";
    } catch (URISyntaxException e) {
      return e.getReason();
    }
  }

  /** Without the address, which may hold a password. */
  @Override
  public String toString() {
    return "NatsConfig[]";
  }
}
