package dev.rr.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.ConfigException;
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
  void aNumberIsTakenTowardsZeroAndATextThatIsNoneIsAProblem() {
    Section section = section(Map.of("word", "ten", "share", 10.9, "digits", "10"));
    assertThat(section.integer("share", 7, 0, 100)).isEqualTo(10);
    assertThat(section.integer("digits", 7, 0, 100)).isEqualTo(10);
    assertThat(problems.found()).isEmpty();
    assertThat(section.integer("word", 7, 0, 100)).isEqualTo(7);
    assertThat(problems.found()).singleElement().asString().contains("\"ten\" is not a whole");
  }

  @ConfigSection
  record Queue(
      @Key(fallback = "10", min = 1) int prefetch,
      boolean durable,
      @Key(fallback = "5s") Duration reserveTimeout,
      Map<String, String> headers,
      List<String> topics,
      Options options) {
    @ConfigSection
    record Options(String mechanism) {}
  }

  @Test
  void aDeclaredPipelineIsDecodedByTheSameBindersAsOneOfAFile() {
    Section section =
        section(
            Map.of(
                "driver", "sqs",
                "prefetch", "100",
                "durable", "true",
                "reserve_timeout", "7",
                "headers", "{\"x-max-priority\": 10, \"a\": \"b\"}",
                "topics", "[\"a\", \"b,c\"]",
                "options", "{\"mechanism\": \"plain\"}"));
    assertThat(section.bind(SectionsTest_QueueBinder.INSTANCE))
        .isEqualTo(
            new Queue(
                100,
                true,
                Duration.ofSeconds(7),
                Map.of("x-max-priority", "10", "a", "b"),
                List.of("a", "b,c"),
                new Queue.Options("plain")));
  }

  @Test
  void whatADeclaredPipelineLeavesEmptyIsAbsent() {
    for (String none : List.of("", " ", "null", "[]")) {
      Section section =
          section(
              Map.of(
                  "prefetch",
                  "",
                  "durable",
                  "",
                  "reserve_timeout",
                  "",
                  "headers",
                  none,
                  "topics",
                  none,
                  "options",
                  none));
      assertThat(section.bind(SectionsTest_QueueBinder.INSTANCE))
          .isEqualTo(
              new Queue(
                  10, false, Duration.ofSeconds(5), Map.of(), List.of(), new Queue.Options("")));
    }
  }

  @Test
  void whatADeclaredPipelineHasWrongIsToldAtOnceAndNotRecorded() {
    Section section =
        section(Map.of("prefetch", "0", "reserve_timeout", "soon", "headers", "{\"a\""));
    assertThatThrownBy(() -> section.bind(SectionsTest_QueueBinder.INSTANCE))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            jobs.pipelines.emails.prefetch: "0" is out of bounds; allowed: 1 or more
            jobs.pipelines.emails.reserve_timeout: "soon" is not a duration; write a number with a\
             unit, such as 500ms, 30s or 1h30m
            jobs.pipelines.emails.headers: expected a map of texts, found "{"a""\
            """);
    assertThat(problems.found()).isEmpty();
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
