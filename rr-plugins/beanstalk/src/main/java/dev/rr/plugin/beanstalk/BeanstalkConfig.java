package dev.rr.plugin.beanstalk;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.config.DurationBounds;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.time.Duration;

/** The {@code beanstalk} section; upstream's keys and defaults. */
@ConfigSection("beanstalk")
record BeanstalkConfig(
    @Key(fallback = "tcp://127.0.0.1:11300", doc = "Where beanstalkd listens.") String addr,
    @Key(
            fallback = "30s",
            doc =
                "How long a connection and an answer may take, and how long a job may be silent"
                    + " before the server hands it to somebody else: seconds, or with a unit.")
        String timeout)
    implements Checked {
  static final DurationBounds BOUNDS = new DurationBounds(Duration.ZERO, Duration.ofDays(1));
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  @Override
  public void check(Section at) {
    at.parse("addr", this::address);
    at.parse("timeout", this::limit);
  }

  Address address() {
    return AddressForms.DSN.parse(addr);
  }

  /** {@link #timeout} as a duration. */
  Duration limit() {
    return BOUNDS.parse(timeout, DEFAULT_TIMEOUT);
  }
}
