package dev.rr.plugin.nsq;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.config.DurationBounds;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.time.Duration;
import java.util.List;

/** The {@code nsq} section; upstream's keys and defaults. */
@ConfigSection("nsq")
record NsqConfig(
    @Key(fallback = "127.0.0.1:4150", doc = "Where nsqd listens, that jobs are published to.")
        String addr,
    @Key(
            doc =
                "Where nsqlookupds answer over HTTP; jobs are consumed from every nsqd that they"
                    + " name, instead of addr.")
        List<String> lookupd,
    @Key(fallback = "1s", doc = "How long a connection may take: seconds, or with a unit.")
        String dialTimeout,
    @Key(
            fallback = "60s",
            doc =
                "How long an nsqd may be silent, and an answer may take: seconds, or with a unit.")
        String readTimeout,
    @Key(fallback = "1s", doc = "How long a command may wait to be sent: seconds, or with a unit.")
        String writeTimeout,
    @Key(fallback = "60s", doc = "How often nsqlookupds are asked: seconds, or with a unit.")
        String lookupdPollInterval)
    implements Checked {
  private static final DurationBounds BOUNDS =
      new DurationBounds(Duration.ofMillis(10), Duration.ofDays(1));

  @Override
  public void check(Section at) {
    at.parse("addr", this::address);
    lookupd.forEach(each -> at.parse("lookupd", () -> address(each)));
    at.parse("dial_timeout", this::dial);
    at.parse("read_timeout", this::read);
    at.parse("write_timeout", this::write);
    at.parse("lookupd_poll_interval", this::poll);
  }

  Address.Tcp address() {
    return address(addr);
  }

  private static Address.Tcp address(String text) {
    return AddressForms.PORT.parse(text);
  }

  /** {@link #lookupd} as addresses. */
  List<Address.Tcp> lookups() {
    return lookupd.stream().map(NsqConfig::address).toList();
  }

  Duration dial() {
    return BOUNDS.parse(dialTimeout, Duration.ofSeconds(1));
  }

  Duration read() {
    return BOUNDS.parse(readTimeout, Duration.ofSeconds(60));
  }

  Duration write() {
    return BOUNDS.parse(writeTimeout, Duration.ofSeconds(1));
  }

  Duration poll() {
    return BOUNDS.parse(lookupdPollInterval, Duration.ofSeconds(60));
  }
}
