package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import org.junit.jupiter.api.Test;

class HeaderListsTest {
  private final HttpHeaders headers =
      new HttpHeaders().add("Vary", "Accept, Accept-Encoding ").add("vary", "Origin").add("X", "");

  @Test
  void findsAnItemInAnyLineAndCase() {
    assertThat(HeaderLists.has(headers, "vary", "accept-encoding")).isTrue();
    assertThat(HeaderLists.has(headers, "Vary", "ORIGIN")).isTrue();
  }

  @Test
  void findsWholeItemsOnly() {
    assertThat(HeaderLists.has(headers, "Vary", "Encoding")).isFalse();
    assertThat(HeaderLists.has(headers, "X", "Origin")).isFalse();
    assertThat(HeaderLists.has(headers, "None", "Origin")).isFalse();
  }
}
