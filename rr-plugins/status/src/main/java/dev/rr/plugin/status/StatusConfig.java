package dev.rr.plugin.status;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.config.GoDuration;
import dev.rr.net.AddressForms;
import java.time.Duration;

/** The {@code status} section; upstream's keys. */
@ConfigSection("status")
record StatusConfig(
    @Key(required = true, doc = "Where to listen, such as 127.0.0.1:2114.") String address,
    @Key(doc = "Status of an answer that says no; 0 is 503.") int unavailableStatusCode,
    @Key(
            fallback = "60",
            doc = "How long a plugin may take to say how it is: seconds, or with a unit, as 500ms.")
        String checkTimeout)
    implements Checked {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  @Override
  public void check(Section at) {
    AddressForms.PORT.problem(address).ifPresent(p -> at.problem("address", p));
    if (unavailableStatusCode != 0
        && (unavailableStatusCode < 200 || unavailableStatusCode > 599)) {
      at.problem(
          "unavailable_status_code",
          "is " + unavailableStatusCode + "; allowed are 200 to 599, and 0 for 503");
    }
    at.parse("check_timeout", this::timeout);
  }

  /** What is answered when something is not well. */
  int unavailable() {
    return unavailableStatusCode == 0 ? 503 : unavailableStatusCode;
  }

  /**
   * How long a plugin may take. Upstream's field is a number of seconds, its documentation writes
   * {@code 30s}; as there, nothing and less is a minute.
   *
   * @throws IllegalArgumentException when the key says neither
   */
  Duration timeout() {
    String text = checkTimeout.strip();
    Duration timeout = GoDuration.parse(text.matches("[+-]?\\d+") ? text + "s" : text);
    return timeout.isPositive() ? timeout : DEFAULT_TIMEOUT;
  }
}
