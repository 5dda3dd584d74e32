package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.log.Log;
import dev.rr.json.JsonReader;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks nsqlookupds which nsqds have a topic. One thread. */
final class Lookups {
  private static final int LARGEST = 1 << 20;

  private final NsqConfig config;
  private final String topic;
  private final String pipeline;
  private final Log log;
  private boolean away;

  Lookups(NsqConfig config, String topic, String pipeline, Log log) {
    this.config = config;
    this.topic = topic;
    this.pipeline = pipeline;
    this.log = log;
  }

  /** All that any of them names; empty while none of them answers. */
  Optional<Set<Address.Tcp>> ask() {
    Set<Address.Tcp> found = new HashSet<>();
    boolean answered = false;
    IOException failure = null;
    for (Address.Tcp each : config.lookups()) {
      try {
        found.addAll(ask(each));
        answered = true;
      } catch (IOException e) {
        failure = new IOException(each.text() + ": " + e.getMessage(), e);
      }
    }
    tell(answered, failure);
    return answered ? Optional.of(found) : Optional.empty();
  }

  private void tell(boolean answered, @Nullable IOException failure) {
    if (!answered && !away && failure != null) {
      log.warn(
          "no nsqlookupd answers, they are asked again",
          "pipeline",
          pipeline,
          "error",
          String.valueOf(failure.getMessage()));
    }
    away = !answered;
  }

  private Set<Address.Tcp> ask(Address.Tcp at) throws IOException {
    URI uri =
        URI.create(
            "http://"
                + at.text().replace("tcp://", "")
                + "/lookup?topic="
                + URLEncoder.encode(topic, UTF_8));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) config.dial().toMillis());
    connection.setReadTimeout((int) config.read().toMillis());
    connection.setRequestProperty("Accept", "application/vnd.nsq; version=1.0");
    connection.setRequestProperty("Connection", "close");
    try {
      if (connection.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        // Nobody has published to the topic.
        return Set.of();
      }
      try (InputStream in = connection.getInputStream()) {
        return producers(in.readNBytes(LARGEST));
      }
    } finally {
      connection.disconnect();
    }
  }

  static Set<Address.Tcp> producers(byte[] answer) throws IOException {
    Set<Address.Tcp> found = new HashSet<>();
    try {
      Object read = JsonReader.read(answer, 0);
      // Before 1.0 the answer was wrapped.
      if (read instanceof Map<?, ?> map && map.get("data") instanceof Map<?, ?> data) {
        read = data;
      }
      if (read instanceof Map<?, ?> map && map.get("producers") instanceof List<?> producers) {
        for (Object each : producers) {
          if (each instanceof Map<?, ?> producer) {
            found.add(address(producer));
          }
        }
      }
      return found;
    } catch (IllegalArgumentException e) {
      throw new IOException("it answers something else: " + e.getMessage(), e);
    }
  }

  private static Address.Tcp address(Map<?, ?> producer) {
    String host = String.valueOf(producer.get("broadcast_address"));
    long port = producer.get("tcp_port") instanceof Number number ? number.longValue() : -1;
    return AddressForms.PORT.parse((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }
}
