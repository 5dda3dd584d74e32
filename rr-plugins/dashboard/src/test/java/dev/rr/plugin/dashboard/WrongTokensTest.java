package dev.rr.plugin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrongTokensTest {
  private final AtomicLong clock = new AtomicLong();
  private final WrongTokens wrong = new WrongTokens(clock::get);

  private void add(String address, int times) {
    for (int i = 0; i < times; i++) {
      wrong.add(address);
    }
  }

  @Test
  void whoGuessesWaitsForAMinuteAndOthersDoNot() {
    add("192.0.2.1", WrongTokens.FREE - 1);
    assertThat(wrong.hasToWait("192.0.2.1")).isFalse();
    add("192.0.2.1", 1);
    assertThat(wrong.hasToWait("192.0.2.1")).isTrue();
    assertThat(wrong.hasToWait("192.0.2.2")).isFalse();
    clock.addAndGet(WrongTokens.TIME.toNanos());
    assertThat(wrong.hasToWait("192.0.2.1")).isFalse();
  }

  @Test
  void aNetworkOfIpv6CountsAsOneAddress() {
    for (int i = 1; i <= WrongTokens.FREE; i++) {
      add("2001:db8:0:1::" + i, 1);
    }
    assertThat(wrong.hasToWait("2001:db8:0:1:ffff::1")).isTrue();
    assertThat(wrong.hasToWait("2001:db8:0:2::1")).isFalse();
  }

  @Test
  void manyAddressesDoNotFillTheMemory() {
    add("192.0.2.1", WrongTokens.FREE);
    for (int i = 0; i < WrongTokens.ADDRESSES; i++) {
      add("10.0." + i / 256 + "." + i % 256, 1);
    }
    assertThat(wrong.hasToWait("192.0.2.1")).isFalse();
  }
}
