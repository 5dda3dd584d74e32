package dev.rr.plugin.sample;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.AddressForms;

/** The {@code sample} section. */
@ConfigSection("sample")
record SampleConfig(@Key(fallback = "127.0.0.1:2200", doc = "Where to listen.") String address)
    implements Checked {
  @Override
  public void check(Section at) {
    AddressForms.PORT.problem(address).ifPresent(p -> at.problem("address", p));
  }
}
