package dev.rr.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VariablesTest {
  private static final Map<String, String> OWN = Map.of("MYSQL_USER", "root$1", "A", "1");

  @Test
  void expandsKnownNamesAndEmptiesUnknownOnes() {
    assertThat(Variables.expand("${MYSQL_USER}", OWN)).isEqualTo("root$1");
    assertThat(Variables.expand("prefix-$A-suffix${NONE}$NONE!", OWN))
        .isEqualTo("prefix-1-suffix!");
    assertThat(Variables.expand("5$ and $9", OWN)).isEqualTo("5$ and $9");
  }

  @Test
  void writesNamesInUpperCase() {
    Map<String, String> target = new HashMap<>();
    Variables.put(Map.of("lower_key", "$A"), OWN, target);
    assertThat(target).containsExactly(Map.entry("LOWER_KEY", "1"));
  }
}
