package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("config", "http", "http-metrics", "logger", "resetter", "server", "service");

  @Test
  void aFewLettersAwayIsNear() {
    assertThat(Nearest.to("sever", KNOWN)).first().isEqualTo("server");
    assertThat(Nearest.to("htpt", KNOWN)).containsExactly("http");
    assertThat(Nearest.to("HTTP", KNOWN)).first().isEqualTo("http");
  }

  @Test
  void aBeginningIsNear() {
    assertThat(Nearest.to("log", KNOWN)).contains("logger");
  }

  @Test
  void nothingIsNearToSomethingElse() {
    assertThat(Nearest.to("kubernetes", KNOWN)).isEmpty();
  }
}
