package dev.rr.api.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KvItemTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static KvItem expiring(Optional<Instant> at) {
    return new KvItem("key", new byte[0]).withExpiry(at);
  }

  @Test
  void anItemExistsUntilItsExpiry() {
    assertThat(expiring(Optional.of(NOW.plusMillis(1))).isExpired(NOW)).isFalse();
    assertThat(expiring(Optional.of(NOW)).isExpired(NOW)).isTrue();
    assertThat(expiring(Optional.empty()).isExpired(NOW)).isFalse();
  }
}
