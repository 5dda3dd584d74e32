package dev.rr.plugin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.RecordingLog;
import org.junit.jupiter.api.Test;

class SamplePluginTest {
  private final RecordingLog log = new RecordingLog();

  @Test
  void saysItsTextAtTheStart() {
    new SamplePlugin(new SampleConfig("good morning"), name -> log).start();

    assertThat(log.records()).containsExactly("INFO good morning []");
  }
}
