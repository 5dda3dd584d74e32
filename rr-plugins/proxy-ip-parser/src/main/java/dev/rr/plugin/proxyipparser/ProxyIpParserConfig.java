package dev.rr.plugin.proxyipparser;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Locale;

/** The keys of the {@code http} section that belong to this plugin; upstream's. */
@ConfigSection("http")
record ProxyIpParserConfig(
    @Key(doc = "Networks of trusted proxies, such as 10.0.0.0/8.") List<String> trustedSubnets,
    @Key(doc = "Headers to look at, in order; replaces the built-in list.")
        List<String> trustedHeaders)
    implements Checked {
  private static final List<String> BUILT_IN =
      List.of("forwarded", "x-forwarded-for", "x-real-ip", "true-client-ip", "cf-connecting-ip");

  ProxyIpParserConfig {
    trustedHeaders =
        trustedHeaders.stream()
            .map(h -> h.strip().toLowerCase(Locale.ROOT))
            .filter(h -> !h.isEmpty())
            .distinct()
            .toList();
    trustedHeaders = trustedHeaders.isEmpty() ? BUILT_IN : trustedHeaders;
  }

  @Override
  public void check(Section at) {
    for (String text : trustedSubnets) {
      try {
        var unused = Subnet.parse(text.strip());
      } catch (IllegalArgumentException e) {
        at.problem(
            "trusted_subnets",
            "`" + text + "` is not a network such as 10.0.0.0/8 or fd00::/8: " + e.getMessage());
      }
    }
  }

  List<Subnet> subnets() {
    return trustedSubnets.stream().map(text -> Subnet.parse(text.strip())).toList();
  }
}
