package dev.rr.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobHeadersTest {
  @Test
  void areAMapOfListsOfTexts() {
    Map<String, List<String>> headers = Map.of("a", List.of("1", "2"), "b", List.of());
    assertThat(JobHeaders.of(headers)).isEqualTo(headers);
  }

  @Test
  void nothingAndPhpsEmptyMapAreNone() {
    assertThat(JobHeaders.of(null)).isEmpty();
    assertThat(JobHeaders.of(List.of())).isEmpty();
  }

  @Test
  void nullIsEmptyAsInGo() {
    assertThat(JobHeaders.of(Collections.singletonMap("a", null)))
        .isEqualTo(Map.of("a", List.of()));
    assertThat(JobHeaders.of(Map.of("a", Arrays.asList("x", null))))
        .isEqualTo(Map.of("a", List.of("x", "")));
  }

  @Test
  void anythingElseIsNone() {
    for (Object other : List.of("text", List.of("x"), Map.of("a", "x"), Map.of("a", List.of(1L)))) {
      assertThatThrownBy(() -> JobHeaders.of(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not an object of lists of texts");
    }
  }
}
