package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplePluginTest {
  @Test
  void greetsItsCaller() {
    SamplePlugin plugin = new SamplePlugin(new SampleConfig("good morning"));

    assertThat(plugin.greet("Ada")).isEqualTo("good morning, Ada");
  }
}
