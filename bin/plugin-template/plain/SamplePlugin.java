package dev.rr.plugin.sample;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Lifecycle;

/** Says something at the start, when its section is there. */
@Plugin("sample")
@EnabledBy("sample")
final class SamplePlugin implements Lifecycle {
  private final SampleConfig config;
  private final Log log;

  SamplePlugin(SampleConfig config, Loggers loggers) {
    this.config = config;
    this.log = loggers.named("sample");
  }

  @Override
  public void start() {
    log.info(config.text());
  }

  @Override
  public void stop(Deadline deadline) {
    // Nothing is left to release.
  }
}
