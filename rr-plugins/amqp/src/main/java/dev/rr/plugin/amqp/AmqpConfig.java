package dev.rr.plugin.amqp;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Optional;

/** The {@code amqp} section: the broker of all pipelines; upstream's keys and defaults. */
@ConfigSection("amqp")
record AmqpConfig(
    @Key(
            fallback = "amqp://guest:guest@127.0.0.1:5672/",
            doc = "The broker: amqp:// or amqps://, user, password, host, port and virtual host.")
        String addr,
    @Key(doc = "Files for amqps://.") Optional<Tls> tls)
    implements Checked {
  private static final String DEFAULT = "amqp://guest:guest@127.0.0.1:5672/";

  AmqpConfig {
    addr = addr.isBlank() ? DEFAULT : addr;
  }

  /** TLS, and who this is to the broker. */
  @ConfigSection
  record Tls(
      @Key(doc = "The certificate shown to the broker; read again for each connection.")
          String cert,
      @Key(doc = "Its private key.") String key,
      @Key(doc = "Authorities that are trusted beside the system's.") String rootCa,
      @Key(fallback = "no_client_cert", doc = "Nothing, as upstream: it is a server's setting.")
          ClientAuth clientAuthType) {}

  /** What a server may ask of its clients; of no effect on a client. */
  enum ClientAuth {
    NO_CLIENT_CERT,
    NO_CLIENT_CERTS,
    REQUEST_CLIENT_CERT,
    REQUIRE_ANY_CLIENT_CERT,
    VERIFY_CLIENT_CERT_IF_GIVEN,
    REQUIRE_AND_VERIFY_CLIENT_CERT
  }

  @Override
  public void check(Section at) {
    at.parse(
        "addr",
        () -> {
          BrokerAddress address = BrokerAddress.parse(addr);
          if (tls.isPresent() && !address.tls()) {
            throw new IllegalArgumentException(
                "speaks no TLS, so amqp.tls has no effect; it has to begin with amqps://");
          }
        });
  }

  /** Without the address, which may hold a password. */
  @Override
  public String toString() {
    return "AmqpConfig[tls=" + tls + "]";
  }
}
