package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code kafka} section: the brokers of all pipelines; upstream's keys and defaults. */
@ConfigSection("kafka")
record KafkaConfig(
    @Key(
            fallback = "127.0.0.1:9092",
            doc = "Some of the brokers, as host:port; they know the others.")
        List<String> brokers,
    @Key(doc = "TLS, when it names root_ca or cert and key.") Optional<Tls> tls,
    @Key(doc = "Who this is to the brokers.") Optional<SaslKeys> sasl,
    @Key(doc = "The first call to the brokers.") Optional<Ping> ping)
    implements Checked {
  private static final int PORT = 9092;
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  /** TLS, and who this is to the brokers. */
  @ConfigSection
  record Tls(
      @Key(fallback = "10s", doc = "For a connection to be made.") Duration timeout,
      @Key(doc = "The certificate shown to the brokers; read again for each client.") String cert,
      @Key(doc = "Its private key.") String key,
      @Key(doc = "Authorities that are trusted beside the system's.") String rootCa,
      @Key(fallback = "no_client_cert", doc = "Nothing, as upstream: it is a server's setting.")
          ClientAuth clientAuthType) {
    Tls {
      timeout = timeout.isZero() ? TEN_SECONDS : timeout;
    }

    /** As upstream, a section that names no files asks for nothing. */
    boolean isUsed() {
      return !rootCa.isEmpty() || !cert.isEmpty() || !key.isEmpty();
    }
  }

  /** What a server may ask of its clients; of no effect on a client. */
  enum ClientAuth {
    NO_CLIENT_CERT,
    NO_CLIENT_CERTS,
    REQUEST_CLIENT_CERT,
    REQUIRE_ANY_CLIENT_CERT,
    VERIFY_CLIENT_CERT_IF_GIVEN,
    REQUIRE_AND_VERIFY_CLIENT_CERT
  }

  /** How a pipeline that opens looks whether a broker is there. */
  @ConfigSection
  record Ping(@Key(fallback = "10s", doc = "For the first answer.") Duration timeout) {}

  KafkaConfig {
    brokers = brokers.isEmpty() ? List.of("127.0.0.1:" + PORT) : brokers;
  }

  Duration pingTimeout() {
    return ping.map(Ping::timeout).filter(Duration::isPositive).orElse(TEN_SECONDS);
  }

  /** With their ports, which the library wants to be told. */
  List<String> addresses() {
    return brokers.stream().map(KafkaConfig::address).toList();
  }

  private static String address(String broker) {
    String stripped = broker.strip();
    boolean hasPort = stripped.matches(".*[^:]:[0-9]+|\\[.*\\]:[0-9]+");
    return hasPort ? stripped : stripped + ":" + PORT;
  }

  @Override
  public void check(Section at) {
    at.parse(
        "brokers",
        () ->
            addresses()
                .forEach(address -> {
                  var unused = HostAndPort.of(address);
                }));
  }
}
