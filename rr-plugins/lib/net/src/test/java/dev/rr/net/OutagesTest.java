package dev.rr.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private final List<String> told = new ArrayList<>();

  private Outages outages(Duration reminder) {
    return new Outages(
        cause -> told.add("down: " + cause.getMessage()),
        new Outages.Reminder(reminder, cause -> told.add("still: " + cause.getMessage())),
        () -> told.add("up"));
  }

  @Test
  void anOutageOfSeveralConnectionsIsToldOnceFromTheFirstToTheLast() {
    Outages outages = outages(Duration.ofHours(1));
    outages.expected();
    outages.down(new IOException("1"));
    outages.down(new IOException("2"));
    outages.up();
    assertThat(told).containsExactly("down: 1");
    outages.up();
    assertThat(told).containsExactly("down: 1", "up");
    outages.down(new IOException("3"));
    assertThat(told).endsWith("up", "down: 3");
  }

  @Test
  void whatIsNotExpectedIsNotTold() {
    Outages outages = outages(Duration.ZERO);
    outages.down(new IOException("1"));
    outages.stillDown(new IOException("1"));
    outages.up();
    assertThat(told).isEmpty();
  }

  @Test
  void aLongOutageIsToldOnceMoreAndSoIsTheNext() {
    Outages outages = outages(Duration.ZERO);
    outages.expected();
    outages.stillDown(new IOException("none is away"));
    for (int i = 0; i < 2; i++) {
      outages.down(new IOException("1"));
      outages.stillDown(new IOException("2"));
      outages.stillDown(new IOException("3"));
      outages.up();
    }
    assertThat(told).containsExactly("down: 1", "still: 2", "up", "down: 1", "still: 2", "up");
  }
}
