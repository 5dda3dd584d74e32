package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import dev.rr.net.AddressForms;

/** The {@code sample} section. */
@ConfigSection("sample")
record SampleConfig(
    @Key(fallback = "127.0.0.1:7000", doc = "Where to listen.") String address,
    @Key(fallback = "1000", min = 1, doc = "Connections at once; more wait.") int maxConnections,
    PoolConfig pool)
    implements Checked {
  @Override
  public void check(Section at) {
    AddressForms.LISTENER.problem(address).ifPresent(p -> at.problem("address", p));
  }
}
