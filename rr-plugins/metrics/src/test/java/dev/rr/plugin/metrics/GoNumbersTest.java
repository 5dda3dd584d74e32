package dev.rr.plugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1, -1",
    "2.5, 2.5",
    "0.005, 0.005",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-0.000012, -1.2e-05",
    "100000, 100000",
    "999999.5, 999999.5",
    "1000000, 1e+06",
    "7480816, 7.480816e+06",
    "123456789012, 1.23456789012e+11",
    "1.7957339796263018E9, 1.7957339796263018e+09",
    "1.8446744073709552E19, 1.8446744073709552e+19",
    "0.1, 0.1",
    "1e100, 1e+100",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf"
  })
  void areAsShortAsGoWritesThem(double number, String text) {
    assertThat(GoNumbers.text(number)).isEqualTo(text);
  }
}
