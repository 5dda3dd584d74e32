package dev.rr.plugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufFormatTest {
  private static String hex(Families families) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProtobufFormat.write(families.snapshots(), out);
    return HexFormat.of().formatHex(out.toByteArray());
  }

  private static String text(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesAFamilyBehindItsLength() throws Exception {
    Families families = new Families();
    families.gauge("a", "h", 1, "l", "v");

    // name, help, type gauge; a metric with its label and its value
    String metric =
        "0a06" + "0a01" + text("l") + "1201" + text("v") + "1209" + "09000000000000f03f";
    assertThat(hex(families))
        .isEqualTo("1d" + "0a01" + text("a") + "1201" + text("h") + "1801" + "2213" + metric);
  }

  @Test
  void aNativeHistogramHasSchemaZeroBucketAndSpans() throws Exception {
    CollectorSpec spec =
        new CollectorSpec(
            "n",
            "",
            "",
            CollectorType.HISTOGRAM,
            "",
            List.of(),
            List.of(1.0),
            new TreeMap<>(),
            true);
    Collector<?> collector = Collector.of(spec, new SampleBudget(1000, 1L << 30, Log.NONE));
    for (double value : new double[] {1, 1, 2, 0}) {
      collector.apply(Operation.OBSERVE, value, List.of());
    }
    Families families = new Families();
    families.add(collector);

    assertThat(hex(families))
        .contains("0804" + "11" + "0000000000001040")
        .as("schema 5 and one observation in the zero bucket")
        .contains("280a" + "31")
        .contains("3801")
        .as("1 is bucket 0 and 2 is bucket 32, with counts 2 and 1")
        .contains("6804" + "6204" + "0800" + "1001" + "6801" + "6204" + "083e" + "1001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                                   | TEXT
          */*                                                                  | TEXT
          text/plain;version=0.0.4;q=0.3,application/openmetrics-text;q=0.6     | TEXT
          application/openmetrics-text; version=1.0.0                          | OPEN_METRICS
          application/openmetrics-text;q=0.5,*/*;q=0.1                         | OPEN_METRICS
          application/openmetrics-text;q=0                                     | TEXT
          application/vnd.google.protobuf                                      | TEXT
          application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;q=0.5,text/plain;q=0.4 | PROTOBUF
          application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,text/plain;q=0.4 | TEXT
          """)
  void theClientChoosesTheFormat(String accept, ExpositionFormat format) {
    assertThat(ExpositionFormat.of(accept.isEmpty() ? List.of() : List.of(accept)))
        .isEqualTo(format);
  }
}
