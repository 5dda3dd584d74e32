package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.json.DecodedSize;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
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
    assertThat(Msgpack.read(GOOD, 0, DecodedSize.UNCOUNTED))
        .isEqualTo(List.of(Map.of("a", 1L, "b", List.of(true, 2.5, "é", -70_000L)), "x"));
    assertThat((byte[]) Msgpack.read(Msgpack.write(new byte[] {1, 2}), 0, DecodedSize.UNCOUNTED))
        .containsExactly(1, 2);
    assertThat(Msgpack.read(Msgpack.write(null), 0, DecodedSize.UNCOUNTED)).isNull();
  }

  @Test
  void numbersAreKeysAndValuesOfOtherKindsAreNot() {
    assertThat(Msgpack.read(new byte[] {(byte) 0x81, 7, 1}, 0, DecodedSize.UNCOUNTED))
        .isEqualTo(Map.of("7", 1L));
    assertThatThrownBy(
            () -> Msgpack.read(new byte[] {(byte) 0x81, (byte) 0x90, 1}, 0, DecodedSize.UNCOUNTED))
        .hasMessage("msgpack: a key of a map must be text");
  }

  @Test
  void lengthsOnTheWireAllocateNothing() {
    // Each list says that it has as many elements as there are bytes behind it.
    ByteBuffer nested = ByteBuffer.allocate(60_000);
    for (int i = 0; i < 999; i++) {
      nested.put((byte) 0xdd).putInt(50_000);
    }
    byte[] frame = nested.put((byte) 0xc1).array();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThatThrownBy(() -> Msgpack.read(frame, 0, DecodedSize.UNCOUNTED));
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> Msgpack.read(frame, 0, DecodedSize.UNCOUNTED))
        .hasMessageStartingWith("msgpack: ");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2_000_000);
  }

  @Test
  void countsWhatValuesTakeBeforeTheyAreMade() {
    byte[] maps = new byte[1 << 20];
    Arrays.fill(maps, (byte) 0x80);
    ByteBuffer.wrap(maps).put((byte) 0xdd).putInt(maps.length - 5);
    long[] counted = new long[1];
    assertThat(Msgpack.read(maps, 0, bytes -> counted[0] += bytes)).isInstanceOf(List.class);
    assertThat(counted[0]).isBetween(64L << 20, 200L << 20);
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
        Msgpack.read(bad, 0, DecodedSize.UNCOUNTED);
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
    assertThatThrownBy(() -> Msgpack.read(deep, 0, DecodedSize.UNCOUNTED))
        .hasMessage("msgpack: exceeded max depth");
  }
}
