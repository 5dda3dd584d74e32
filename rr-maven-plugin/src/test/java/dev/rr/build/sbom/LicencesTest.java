package dev.rr.build.sbom;

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

  @ParameterizedTest
  @CsvSource({
    "Apache-2.0, '', Apache-2.0",
    "The Apache Software License%2C Version 2.0, https://example.com/x, Apache-2.0",
    "Apache License 2.0, '', Apache-2.0",
    "' The  MIT License', '', MIT",
    "BSD 2-Clause License, '', BSD-2-Clause",
    "Eclipse Public License v. 2.0, '', EPL-2.0",
    "Ours, http://www.apache.org/licenses/LICENSE-2.0.txt, Apache-2.0",
    "'', https://opensource.org/licenses/mit-license.php, MIT",
    "MPL 2.0, https://www.mozilla.org/en-US/MPL/2.0/, MPL-2.0",
    "Bouncy Castle Licence, https://www.bouncycastle.org/licence.html, Bouncy Castle Licence",
    "'', https://example.com/licence, https://example.com/licence"
  })
  void aPomsNameOrAddressBecomesAnIdentifierWhereItIsAKnownOne(
      String name, String url, String licence) {
    assertThat(Licences.ofPom(name.replace("%2C", ","), url)).hasValue(licence);
  }

  @Test
  void aPomThatSaysNothingHasNone() {
    assertThat(Licences.ofPom(" ", "")).isEmpty();
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
