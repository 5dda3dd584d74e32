package dev.rr.plugin.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.config.Sections;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobsConfigTest {
  private static JobsConfig config(Map<String, ?> keys) {
    return Sections.of(keys, new Problem.Place(null, 0, "jobs"), new Problems())
        .bind(JobsConfigBinder.INSTANCE);
  }

  @Test
  void hasUpstreamsDefaults() {
    JobsConfig defaults = config(Map.of());
    assertThat(defaults.pipelineSize()).isEqualTo(1_000_000);
    assertThat(defaults.deadline()).isEqualTo(Duration.ofMinutes(1));
    assertThat(defaults.parallelism()).isEqualTo(10);
    assertThat(config(Map.of("options", Map.of())).parallelism()).isEqualTo(5);
    assertThat(config(Map.of("options", Map.of("parallelism", 0))).parallelism()).isEqualTo(5);
    assertThat(config(Map.of("options", Map.of("parallelism", 3))).parallelism()).isEqualTo(3);
  }
}
