package test.driver;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.List;

@ConfigSection(value = "kv.*.config", driver = "redis")
record RedisConfig(
    @Key(fallback = "127.0.0.1:6379") List<String> addrs, @Key(secret = true) String pin)
    implements Checked {
  @Override
  public void check(Section at) {
    if (addrs.isEmpty()) {
      at.problem("addrs", "is empty");
    }
  }

  @Override
  public String toString() {
    return "RedisConfig[addrs=" + addrs + "]";
  }
}
