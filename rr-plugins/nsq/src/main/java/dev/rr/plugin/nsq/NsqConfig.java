package dev.rr.plugin.nsq;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.config.GoDuration;
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
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration SHORTEST = Duration.ofMillis(10);

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
    return duration(dialTimeout, Duration.ofSeconds(1));
  }

  Duration read() {
    return duration(readTimeout, Duration.ofSeconds(60));
  }

  Duration write() {
    return duration(writeTimeout, Duration.ofSeconds(1));
  }

  Duration poll() {
    return duration(lookupdPollInterval, Duration.ofSeconds(60));
  }

  private static Duration duration(String text, Duration fallback) {
    String given = text.strip();
    Duration read;
    try {
      read = GoDuration.parse(given.matches("\\d+") ? given + "s" : given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' " + e.getMessage() + "; allowed are seconds, such as 5, and 1m30s");
    }
    if (read.isZero()) {
      return fallback;
    }
    if (read.compareTo(SHORTEST) < 0 || read.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("'" + text + "' is not between 10ms and 24h");
    }
    return read;
  }
}
