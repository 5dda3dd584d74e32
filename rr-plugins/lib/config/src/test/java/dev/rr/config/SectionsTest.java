package dev.rr.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SectionsTest {
  private static final Problem.Place AT = new Problem.Place(null, 0, "jobs.pipelines.emails");

  private final Problems problems = new Problems();

  private Section section(Map<String, ?> declared) {
    return Sections.of(declared, AT, problems);
  }

  @Test
  void textsAreDecodedAsWeaklyAsThoseOfAFile() {
    Section section =
        section(
            Map.of(
                "prefetch", "100",
                "auto_ack", "true",
                "priority", "0x10",
                "timeout", "1m30s",
                "queues", "a, b",
                "Driver", "memory"));
    assertThat(section.integer("prefetch", 10, 0, 1_000)).isEqualTo(100);
    assertThat(section.bool("auto_ack", false)).isTrue();
    assertThat(section.integer("priority", 10, 0, 1_000)).isEqualTo(16);
    assertThat(section.duration("timeout", Duration.ZERO)).hasSeconds(90);
    assertThat(section.strings("queues", List.of())).containsExactly("a", "b");
    assertThat(section.string("driver", "")).isEqualTo("memory");
    assertThat(section.path()).isEqualTo("jobs.pipelines.emails");
    assertThat(problems.found()).isEmpty();
  }

  @Test
  void valuesOfOtherTypesAreTakenAsTheyAre() {
    Map<String, Object> declared = new HashMap<>();
    declared.put("count", 5L);
    declared.put("share", 0.5);
    declared.put("on", true);
    declared.put("nothing", null);
    declared.put("list", Arrays.asList("a", 1));
    declared.put("headers", Map.of("X-Y", "z"));
    Section section = section(declared);
    assertThat(section.integer("count", 0, 0, 9)).isEqualTo(5);
    assertThat(section.decimal("share", 0)).isEqualTo(0.5);
    assertThat(section.bool("on", false)).isTrue();
    assertThat(section.has("nothing")).isFalse();
    assertThat(section.strings("list", List.of())).containsExactly("a", "1");
    assertThat(section.map("headers")).containsExactly(Map.entry("X-Y", "z"));
  }

  @Test
  void whatCannotBeDecodedIsAProblemThatHidesSecrets() {
    Schema schema =
        new Schema(
            "",
            List.of(
                new Schema.Field(
                    "pin", Schema.Type.INTEGER, "", false, true, List.of(), "", null)));
    Section section = Sections.of(Map.of("prefetch", "many", "pin", "12a"), AT, problems, schema);
    assertThat(section.integer("prefetch", 10, 1, 1_000)).isEqualTo(10);
    assertThat(section.integer("pin", 0, 0, 9_999)).isZero();
    assertThat(problems.found())
        .extracting(Problem::toString)
        .containsExactly(
            "jobs.pipelines.emails.prefetch: \"many\" is not a whole number; allowed: 1 to 1000",
            "jobs.pipelines.emails.pin: the value (not shown) is not a whole number; allowed: 0 to"
                + " 9999");
  }

  @Test
  void aSectionOfNamesKeepsTheirCase() {
    Section kv = section(Map.of("Users", Map.of("driver", "memory")));
    assertThat(kv.sectionMap("")).containsOnlyKeys("Users");
    Section users = Objects.requireNonNull(kv.sectionMap("").get("Users"));
    assertThat(users.path()).isEqualTo("jobs.pipelines.emails.Users");
    assertThat(users.string("driver", "")).isEqualTo("memory");
  }
}
