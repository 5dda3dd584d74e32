package dev.rr.plugin.acme;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The {@code http.ssl.acme} section; upstream's keys and defaults, and two of our own. */
@ConfigSection("http.ssl.acme")
record AcmeConfig(
    @Key(fallback = "rr_cache_dir", doc = "Folder for the account's key and the certificates.")
        String cacheDir,
    @Key(doc = "Where the authority reaches the owner of the domains.") String email,
    @Key(doc = "The names that the certificate is for.") List<String> domains,
    @Key(doc = "How the authority checks them: http-01 or tlsalpn-01; empty is http-01.")
        String challengeType,
    @Key(min = 0, max = 65535, doc = "Port that is asked for http-01; 0 is 80.") int altHttpPort,
    @Key(min = 0, max = 65535, doc = "Port that is asked for tlsalpn-01; 0 is 443.")
        int altTlsalpnPort,
    @Key(doc = "Use Let's Encrypt itself instead of its staging, whose certificates nobody trusts.")
        boolean useProductionEndpoint,
    @Key(doc = "The directory's URL of another authority than Let's Encrypt.") String directory,
    @Key(doc = "PEM file with the authorities that the directory's own certificate is checked by.")
        String rootCa)
    implements Checked {
  static final String HTTP_01 = "http-01";
  static final String TLS_ALPN_01 = "tlsalpn-01";

  private static final String PRODUCTION = "https://acme-v02.api.letsencrypt.org/directory";
  private static final String STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern DOMAIN =
      Pattern.compile("(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-))*");

  AcmeConfig {
    if (challengeType.isEmpty()) {
      challengeType = HTTP_01;
      altHttpPort = altHttpPort == 0 ? HTTP : altHttpPort;
    }
    domains = domains.stream().map(d -> d.strip().toLowerCase(Locale.ROOT)).distinct().toList();
  }

  /** In upstream's words where it has some. */
  @Override
  public void check(Section section) {
    if (email.isEmpty()) {
      section.problem("email", "email could not be empty");
    }
    if (domains.isEmpty()) {
      section.problem("domains", "should be at least 1 domain");
    }
    for (String domain : domains) {
      if (!DOMAIN.matcher(domain).matches()) {
        section.problem("domains", "'" + domain + "' " + fault(domain));
      }
    }
    if (!challengeType.equals(HTTP_01) && !tlsAlpn()) {
      section.problem(
          "challenge_type",
          "'" + challengeType + "' is unknown; allowed are " + HTTP_01 + " and " + TLS_ALPN_01);
    }
    if (!directory.isEmpty() && useProductionEndpoint) {
      section.problem("use_production_endpoint", "is about Let's Encrypt; leave out directory");
    }
    if (!isUrl(directoryUrl())) {
      section.problem(
          "directory", "'" + directory + "' is no URL; allowed is https://host[:port]/path");
    }
  }

  private static String fault(String domain) {
    return domain.startsWith("*.")
        ? "needs a check over DNS, which is not offered; list each name"
        : "is no domain name; allowed are letters, digits and hyphens between dots, international"
            + " names as xn--";
  }

  private static boolean isUrl(String url) {
    try {
      URI uri = URI.create(url);
      return "https".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the check is tls-alpn-01; upstream's spelling lacks a hyphen. */
  boolean tlsAlpn() {
    return challengeType.equals(TLS_ALPN_01) || challengeType.equals("tls-alpn-01");
  }

  /** The port that the authority's question arrives at. */
  int challengePort() {
    if (tlsAlpn()) {
      return altTlsalpnPort == 0 ? HTTPS : altTlsalpnPort;
    }
    return altHttpPort == 0 ? HTTP : altHttpPort;
  }

  /** The key that sets that port. */
  String challengePortKey() {
    return tlsAlpn() ? "alt_tlsalpn_port" : "alt_http_port";
  }

  /** Whether certificates are of Let's Encrypt's staging. */
  boolean staging() {
    return directory.isEmpty() && !useProductionEndpoint;
  }

  /** Where the authority's directory is. */
  String directoryUrl() {
    if (!directory.isEmpty()) {
      return directory;
    }
    return useProductionEndpoint ? PRODUCTION : STAGING;
  }
}
