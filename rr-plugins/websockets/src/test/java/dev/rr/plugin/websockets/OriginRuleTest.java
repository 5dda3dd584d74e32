package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRuleTest {
  @ParameterizedTest
  @CsvSource({
    "https://*my.site.com, https://my.site.com, true",
    "https://*my.site.com, https://some.my.site.com, true",
    "https://*my.site.com, https://*site.com, false",
    "https://*my.site.com, http://google.com, false",
    "https://my.*.com, https://my.bad.com, true",
    "https://my.*.com, https://*site.com, false",
    "https://my.*.com, https://my.com, false",
    "https://My.site, HTTPS://my.SITE, true",
    "https://my.site, https://my.site.evil, false",
    "https://my.site, '', false",
    "*, '', true",
    "*, https://any.site, true"
  })
  void oneStarStandsForAnyCharacters(String rule, String origin, boolean allowed) {
    assertThat(new OriginRule(rule).allows(origin)).isEqualTo(allowed);
  }
}
