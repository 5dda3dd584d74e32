package com.example.page;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.AddressForms;

/** The {@code page} section. */
@ConfigSection("page")
record PageConfig(@Key(fallback = "127.0.0.1:2200", doc = "Where to listen.") String address)
    implements Checked {
  @Override
  public void check(Section at) {
    AddressForms.PORT.problem(address).ifPresent(p -> at.problem("address", p));
  }
}
