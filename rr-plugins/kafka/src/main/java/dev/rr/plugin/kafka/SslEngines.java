package dev.rr.plugin.kafka;

import dev.rr.tls.ClientTls;
import java.io.IOException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/** TLS of the library from the files of {@code kafka.tls}. Made by the library, by its name. */
public final class SslEngines implements SslEngineFactory {
  /** The property that has the {@link ClientTls}. */
  static final String FILES = "rr.tls";

  private @Nullable SSLContext context;

  /** For the library. */
  public SslEngines() {}

  @Override
  public void configure(Map<String, ?> properties) {
    if (!(properties.get(FILES) instanceof ClientTls files)) {
      throw new KafkaException("no files for TLS");
    }
    try {
      context = files.context();
    } catch (IOException e) {
      throw new KafkaException(e.getMessage(), e);
    }
  }

  @Override
  public SSLEngine createClientSslEngine(String host, int port, String identification) {
    SSLContext made = context;
    if (made == null) {
      throw new KafkaException("not configured");
    }
    SSLEngine engine = made.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public SSLEngine createServerSslEngine(String host, int port) {
    throw new UnsupportedOperationException("a client");
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> next) {
    return false;
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public @Nullable KeyStore keystore() {
    return null;
  }

  @Override
  public @Nullable KeyStore truststore() {
    return null;
  }

  @Override
  public void close() {}
}
