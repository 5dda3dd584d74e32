package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MsgpackTest {
  private static final byte[] GOOD =
      Msgpack.write(List.of(Map.of("a", 1L, "b", List.of(true, 2.5, "é", -70_000L)), "x"));

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(Msgpack.read(GOOD, 0))
        .isEqualTo(List.of(Map.of("a", 1L, "b", List.of(true, 2.5, "é", -70_000L)), "x"));
    assertThat((byte[]) Msgpack.read(Msgpack.write(new byte[] {1, 2}), 0)).containsExactly(1, 2);
    assertThat(Msgpack.read(Msgpack.write(null), 0)).isNull();
  }

  @Test
  void mutatedValuesAreReadOrRefused() {
    int refused = 0;
    for (long seed = 0; seed < 50_000; seed++) {
      Random random = new Random(seed);
      byte[] bad = Arrays.copyOf(GOOD, 1 + random.nextInt(GOOD.length));
      for (int i = random.nextInt(4); i > 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        Msgpack.read(bad, 0);
      } catch (IllegalArgumentException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void refusesDepthInsteadOfOverflowingTheStack() {
    byte[] deep = new byte[1_000_000];
    Arrays.fill(deep, (byte) 0x91);
    assertThatThrownBy(() -> Msgpack.read(deep, 0)).hasMessage("msgpack: exceeded max depth");
  }
}
