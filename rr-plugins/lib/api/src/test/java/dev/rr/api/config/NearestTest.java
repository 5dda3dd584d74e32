package dev.rr.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
  @Test
  void countsSwapsAsOne() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("htpp", "http")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("same", "same")).isZero();
  }

  @Test
  void findsOnlyWhatIsClose() {
    List<String> names = List.of("address", "pool", "num_workers");
    assertThat(Nearest.to("adress", names)).isEqualTo("address");
    assertThat(Nearest.to("NUM-WORKERS", names)).isEqualTo("num_workers");
    assertThat(Nearest.to("xyz", names)).isNull();
    assertThat(Nearest.to("x", List.of("y"))).isEqualTo("y");
    assertThat(Nearest.to("a".repeat(1000), names)).isNull();
  }
}
