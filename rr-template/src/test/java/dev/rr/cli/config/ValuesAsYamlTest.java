package dev.rr.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.EffectiveValue.Source;
import dev.rr.api.config.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValuesAsYamlTest {
  private static EffectiveValue value(Source source, String path, Object value, String... from) {
    boolean file = source == Source.FILE || source == Source.VARIABLE;
    Path at = file ? Path.of("/app/.rr.yaml") : null;
    return new EffectiveValue(
        List.of(path.split("/")),
        value,
        source,
        new Problem.Place(at, file ? 7 : 0, path.replace('/', '.')),
        List.of(from));
  }

  @Test
  void sectionsAreNestedAndSourcesStandInAColumn() {
    assertThat(
            new ValuesAsYaml(
                    List.of(
                        value(Source.FILE, "version", "3"),
                        value(Source.VARIABLE, "http/address", "0.0.0.0:80", "HOST", "PORT"),
                        value(Source.OVERRIDE, "http/pool/num_workers", "4"),
                        value(Source.DEFAULT, "http/pool/debug", false),
                        value(Source.FILE, "http/gzip/a.b", List.of("x", 1L, Map.of("k", "v"))),
                        value(Source.DEFAULT, "http/x", Map.of())))
                .text())
        .isEqualTo(
            """
            version: "3"             # .rr.yaml:7
            http:
              address: "0.0.0.0:80"  # .rr.yaml:7, from HOST, PORT
              pool:
                num_workers: "4"     # -o http.pool.num_workers
                debug: false         # default
              gzip:
                a.b: [x, 1, {k: v}]  # .rr.yaml:7
              x: {}                  # default
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "php worker.php | php worker.php",
        "true | \"true\"",
        "No | \"No\"",
        "3 | \"3\"",
        "a: b | \"a: b\"",
        "a #b | \"a #b\"",
        "- x | \"- x\"",
        "`` | \"\"",
        "` a` | \" a\"",
        "say \"hi\" \\ | \"say \\\"hi\\\" \\\\\"",
        "*x | \"*x\"",
        "X-Powered-By | X-Powered-By",
        "/var/log/rr.log | /var/log/rr.log"
      })
  void textIsQuotedWhereYamlWouldTakeItForSomethingElse(String text, String yaml) {
    assertThat(new ValuesAsYaml(List.of(value(Source.DEFAULT, "k", text))).text())
        .isEqualTo("k: " + yaml + "  # default\n");
  }

  @Test
  void jsonNamesTheSource() {
    assertThat(
            ValuesAsJson.of(
                List.of(
                    value(Source.VARIABLE, "http/address", ":80", "PORT"),
                    value(Source.DEFAULT, "a", List.of()))))
        .isEqualTo(
            """
            [
              {
                "key": "http.address",
                "value": ":80",
                "source": "variable",
                "file": "/app/.rr.yaml",
                "line": 7,
                "variables": [
                  "PORT"
                ]
              },
              {
                "key": "a",
                "value": [],
                "source": "default"
              }
            ]
            """);
  }
}
