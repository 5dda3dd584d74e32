package dev.rr.plugin.sqs;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The {@code sqs} section: the account of all pipelines; upstream's keys. */
@ConfigSection("sqs")
record SqsConfig(
    @Key(
            secret = true,
            doc =
                "The access key's id. Without key and secret AWS's own chain is asked: environment,"
                    + " web identity, profile, container, instance.")
        String key,
    @Key(secret = true, doc = "The access key's secret.") String secret,
    @Key(doc = "The region; by default that of the environment, profile or instance.")
        String region,
    @Key(secret = true, doc = "The token that belongs to a temporary access key.")
        String sessionToken,
    @Key(doc = "Where SQS is spoken, for example http://127.0.0.1:9324; by default the region's.")
        String endpoint)
    implements Checked {
  @Override
  public void check(Section at) {
    at.parse("endpoint", this::uri);
    if (key.isEmpty() != secret.isEmpty()) {
      at.problem(
          key.isEmpty() ? "key" : "secret",
          "is missing: sqs.key and sqs.secret go together; without both, AWS's own chain of"
              + " credentials is asked");
    }
  }

  /**
   * {@link #endpoint}, if there is one.
   *
   * @throws IllegalArgumentException says what is wrong with it
   */
  Optional<URI> uri() {
    if (endpoint.isBlank()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(endpoint.strip());
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // It is told with what is allowed.
    }
    throw new IllegalArgumentException(
        "'" + endpoint + "' is no endpoint; allowed are http://host:port and https://host");
  }

  /** Whether the access key is in the configuration. */
  boolean hasKey() {
    return !key.isEmpty() && !secret.isEmpty();
  }

  /** Without secrets. */
  @Override
  public String toString() {
    if (!endpoint.isBlank()) {
      return "SQS at " + endpoint.strip();
    }
    return region.isEmpty() ? "SQS" : "SQS in " + region;
  }
}
