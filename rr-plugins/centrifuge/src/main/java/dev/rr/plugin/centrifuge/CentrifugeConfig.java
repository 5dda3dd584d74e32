package dev.rr.plugin.centrifuge;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.net.HostAndPort;
import dev.rr.netty.tls.ListenerTls;
import dev.rr.tls.CertificateFiles;
import dev.rr.tls.ClientTls;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code centrifuge} section; upstream's keys and defaults, {@code api_key} and {@code
 * proxy_tls}.
 */
@ConfigSection("centrifuge")
record CentrifugeConfig(
    @Key(
            fallback = "tcp://127.0.0.1:30000",
            doc = "host:port, :port or unix://path where Centrifugo calls PHP.")
        String proxyAddress,
    @Key(
            fallback = "127.0.0.1:10000",
            doc = "host:port where Centrifugo's gRPC API answers; without a port it is 443.")
        String grpcApiAddress,
    @Key(
            secret = true,
            doc = "What Centrifugo's grpc_api.key says; told with each call of the API.")
        String apiKey,
    @Key(doc = "Whether calls of the API are compressed with gzip.") boolean useCompressor,
    @Key(fallback = "roadrunner", doc = "Taken, and not used, as upstream has it.") String name,
    @Key(fallback = "1.0.0", doc = "Taken, and not used, as upstream has it.") String version,
    Optional<ApiTls> tls,
    Optional<ProxyTls> proxyTls,
    PoolConfig pool)
    implements Checked {
  private static final String PROXY = "tcp://127.0.0.1:30000";
  private static final String API = "127.0.0.1:10000";
  private static final String SCHEME = "tcp://";

  /** What Go's library takes where none is written. */
  private static final String DEFAULT_PORT = ":443";

  CentrifugeConfig {
    // Upstream takes an empty text for "not set".
    proxyAddress = proxyAddress.isEmpty() ? PROXY : proxyAddress;
    grpcApiAddress = grpcApiAddress.isEmpty() ? API : grpcApiAddress;
  }

  @Override
  public void check(Section at) {
    at.parse("proxy_address", this::proxy);
    at.parse("grpc_api_address", this::api);
    if (!apiKey.chars().allMatch(c -> c > ' ' && c < 127)) {
      at.problem("api_key", "only letters, digits and signs of ASCII can be sent");
    }
    if (proxyTls.isPresent() && !proxyTls.get().isUsable()) {
      at.problem("proxy_tls", "key and cert are missing, and without them there is no TLS");
    }
  }

  /** Where Centrifugo calls. */
  Address proxy() {
    return AddressForms.LISTENER.parse(proxyAddress);
  }

  /** Where Centrifugo answers. */
  Address.Tcp api() {
    String given =
        grpcApiAddress.startsWith(SCHEME)
            ? grpcApiAddress.substring(SCHEME.length())
            : grpcApiAddress;
    return AddressForms.PORT.parse(
        HostAndPort.of(given).port().isEmpty() ? given + DEFAULT_PORT : given);
  }

  /** TLS towards the API; the section alone switches it on. */
  @ConfigSection
  record ApiTls(
      @Key(doc = "PEM file with the private key of the client's certificate.") String key,
      @Key(doc = "PEM file with the certificate that Centrifugo is shown, then its chain.")
          String cert,
      @Key(doc = "PEM file with authorities that are trusted beside the system's.") String rootCa) {
    /** As a client takes them. */
    ClientTls files(Path folder) {
      return new ClientTls(new CertificateFiles("centrifuge.tls", cert, key, folder), rootCa);
    }
  }

  /** TLS of the listener that Centrifugo calls. */
  @ConfigSection
  record ProxyTls(
      @Key(doc = "PEM file with the private key.") String key,
      @Key(doc = "PEM file with the certificate, then its chain.") String cert,
      @Key(doc = "PEM file with the authorities that Centrifugo's certificate is checked against.")
          String rootCa,
      @Key(doc = "What is asked of Centrifugo; needs root_ca.") String clientAuthType) {
    /** Whether anything is named to be shown; one without the other is told by the files. */
    boolean isUsable() {
      return !key.isEmpty() || !cert.isEmpty();
    }

    /** As a listener takes them. */
    ListenerTls.Files files(Path folder) {
      return new ListenerTls.Files(
          "centrifuge.proxy_tls", cert, key, rootCa, clientAuthType, folder);
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "CentrifugeConfig[proxyAddress=%s, grpcApiAddress=%s]"
        .formatted(proxyAddress, grpcApiAddress);
  }
}
