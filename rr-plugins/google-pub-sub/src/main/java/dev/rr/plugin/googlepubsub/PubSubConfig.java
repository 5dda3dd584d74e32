package dev.rr.plugin.googlepubsub;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.net.HostAndPort;
import java.util.Map;

/** The {@code google_pub_sub} section; upstream's keys and defaults. */
@ConfigSection("google_pub_sub")
record PubSubConfig(
    @Key(
            doc =
                "Where Pub/Sub answers: Google's is pubsub.googleapis.com:443. By default what"
                    + " PUBSUB_EMULATOR_HOST says, else 127.0.0.1:8085.")
        String endpoint,
    @Key(doc = "Whether to speak without TLS and without credentials, as an emulator wants it.")
        boolean insecure)
    implements Checked {
  /** Of the environment: where an emulator listens. */
  static final String EMULATOR = "PUBSUB_EMULATOR_HOST";

  private static final String DEFAULT = "127.0.0.1:8085";
  private static final String DEFAULT_PORT = ":443";

  @Override
  public void check(Section at) {
    if (!endpoint.isBlank()) {
      at.parse("endpoint", () -> address(endpoint));
    }
  }

  /**
   * Where the server is.
   *
   * @throws IllegalArgumentException says what is wrong with what the environment says
   */
  Address.Tcp address(Map<String, String> environment) {
    if (!endpoint.isBlank()) {
      return address(endpoint);
    }
    String emulator = environment.getOrDefault(EMULATOR, "");
    return address(emulator.isBlank() ? DEFAULT : emulator);
  }

  private static Address.Tcp address(String text) {
    String given = text.strip();
    return AddressForms.PORT.parse(
        HostAndPort.of(given).port().isEmpty() ? given + DEFAULT_PORT : given);
  }

  /** Whether TLS and credentials are left out. */
  boolean plaintext(Map<String, String> environment) {
    return insecure || !environment.getOrDefault(EMULATOR, "").isBlank();
  }
}
