package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LicencesTest {
  @ParameterizedTest
  @CsvSource({
    "MIT, MIT",
    "(MIT or GPL-2.0-or-later), MIT OR GPL-2.0-or-later",
    "MIT and BSD-3-Clause OR ISC, MIT AND BSD-3-Clause OR ISC"
  })
  void whatIsMadeOfIdentifiersIsAnExpression(String licence, String expression) {
    assertThat(Licences.expression(List.of(licence))).hasValue(expression);
  }

  @Test
  void severalLeaveTheChoice() {
    assertThat(Licences.expression(List.of("MIT", "(Apache-2.0 and ISC)")))
        .hasValue("MIT OR (Apache-2.0 AND ISC)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "proprietary", "MIT or mine", "MIT or", "MIT ISC", "((MIT))"})
  void anythingElseIsNone(String licence) {
    assertThat(Licences.expression(List.of(licence))).isEmpty();
    assertThat(Licences.expression(List.of("MIT", licence))).isEmpty();
  }
}
