package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> KNOWN =
      List.of("config", "http", "http-metrics", "logger", "resetter", "server", "service");

  @Test
  void aFewLettersAwayIsNear() {
    assertThat(Suggestions.to("sever", KNOWN)).first().isEqualTo("server");
    assertThat(Suggestions.to("htpt", KNOWN)).containsExactly("http");
    assertThat(Suggestions.to("HTTP", KNOWN)).first().isEqualTo("http");
  }

  @Test
  void aBeginningIsNear() {
    assertThat(Suggestions.to("log", KNOWN)).contains("logger");
  }

  @Test
  void nothingIsNearToSomethingElse() {
    assertThat(Suggestions.to("kubernetes", KNOWN)).isEmpty();
  }
}
