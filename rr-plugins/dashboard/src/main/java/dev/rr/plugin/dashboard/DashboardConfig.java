package dev.rr.plugin.dashboard;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.net.InetAddress;
import java.util.Optional;

/** The {@code dashboard} section; upstream has none. */
@ConfigSection("dashboard")
record DashboardConfig(
    @Key(fallback = "127.0.0.1:2116", doc = "Where to listen.") String address,
    @Key(
            secret = true,
            doc =
                "What a visitor has to know, at least 16 characters; needed where others than this"
                    + " machine reach the address.")
        String token,
    @Key(doc = "Whether the page shows only, and has no buttons.") boolean readOnly)
    implements Checked {
  /** What nobody guesses over a network. */
  private static final int SHORTEST = 16;

  @Override
  public void check(Section at) {
    Optional<String> problem = AddressForms.PORT.problem(address);
    problem.ifPresent(p -> at.problem("address", p));
    if (token.isEmpty() && problem.isEmpty() && !isLoopback()) {
      at.problem(
          "token",
          "is missing, and others than this machine reach '"
              + address
              + "'; set one of at least 16 characters (openssl rand -hex 16 makes one), or listen"
              + " on 127.0.0.1");
    }
    if (!token.isEmpty() && token.length() < SHORTEST) {
      at.problem(
          "token",
          "has fewer than 16 characters, which can be guessed; openssl rand -hex 16 makes one");
    }
  }

  Address.Tcp listen() {
    return AddressForms.PORT.parse(address);
  }

  /** Whether nobody else reaches the address. A name of the network counts as reached. */
  boolean isLoopback() {
    String host = listen().host();
    try {
      return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "DashboardConfig[address=%s, readOnly=%s]".formatted(address, readOnly);
  }
}
