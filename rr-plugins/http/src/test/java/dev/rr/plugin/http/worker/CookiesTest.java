package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CookiesTest {
  @Test
  void leavesOutCookiesWhenThereAreTooMany() {
    assertThat(Cookies.parse(List.of("a=1;".repeat(3001)))).isEmpty();
    assertThat(Cookies.parse(List.of("a = b; c; =d; e=x\"y; f=\"g\"")))
        .isEqualTo(Map.of("a", " b", "c", "", "f", "g"));
  }
}
