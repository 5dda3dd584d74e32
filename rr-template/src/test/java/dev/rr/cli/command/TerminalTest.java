package dev.rr.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  private static String colours(String descriptors, Map<String, String> environment) {
    Terminal terminal = Terminal.of(descriptors, environment);
    return (terminal.coloursOut() ? "out " : "") + (terminal.coloursErr() ? "err" : "");
  }

  @Test
  void onlyWhatIsATerminalShowsColours() {
    assertThat(colours("12", Map.of())).isEqualTo("out err");
    assertThat(colours("2", Map.of())).isEqualTo("err");
    assertThat(colours("1", Map.of())).isEqualTo("out ");
    assertThat(colours("", Map.of())).isEmpty();
  }

  @Test
  void noColorIsObeyedUnlessItIsEmpty() {
    assertThat(colours("12", Map.of("NO_COLOR", "0"))).isEmpty();
    assertThat(colours("12", Map.of("NO_COLOR", ""))).isEqualTo("out err");
    assertThat(colours("12", Map.of("TERM", "dumb"))).isEmpty();
  }
}
