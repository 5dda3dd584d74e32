package dev.rr.plugin.sample;

import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;

/** Greets whoever calls {@code sample.Greet}. Any thread. */
@Plugin("sample")
final class SamplePlugin {
  private final SampleConfig config;

  SamplePlugin(SampleConfig config) {
    this.config = config;
  }

  @RpcMethod(value = "Greet", quick = true)
  String greet(String name) {
    return config.text() + ", " + name;
  }
}
