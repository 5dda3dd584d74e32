package dev.rr.plugin.memcached;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.time.Duration;
import java.util.List;

/** What the section of a storage may say whose driver is {@code memcached}. */
@ConfigSection(value = "kv.*.config", driver = "memcached")
record MemcachedConfig(
    @Key(
            fallback = "127.0.0.1:11211",
            doc =
                "Servers, among which keys are shared out: host:port, or the path of a unix socket;"
                    + " one that stands twice has twice the keys.")
        List<String> addr,
    @Key(
            fallback = "500ms",
            doc = "How long a connection is waited for, and an answer; of several values, each.")
        Duration timeout)
    implements Checked {
  private static final String DEFAULT = "127.0.0.1:11211";

  MemcachedConfig {
    addr = addr.isEmpty() ? List.of(DEFAULT) : List.copyOf(addr);
  }

  @Override
  public void check(Section at) {
    addr.forEach(address -> at.parse("addr", () -> address(address)));
    if (timeout.isZero()) {
      at.problem("timeout", "is 0s; allowed: more than that");
    }
  }

  /** As upstream tells them apart: what has a slash is a path. */
  static Address address(String text) {
    boolean path = text.contains("/") && !text.contains("://");
    return AddressForms.LISTENER.parse(path ? "unix://" + text : text);
  }
}
