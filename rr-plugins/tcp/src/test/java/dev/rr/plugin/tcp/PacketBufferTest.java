package dev.rr.plugin.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.MemoryBudget;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketBufferTest {
  private static final byte[] END = bytes("--end--");

  private final MemoryBudget budget = new MemoryBudget(10_000);
  private final PacketBuffer packet = new PacketBuffer(budget, 2_000);

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private boolean append(byte[] bytes) {
    return packet.append(Unpooled.wrappedBuffer(bytes));
  }

  @Test
  void aDelimiterMayBeSplitAnywhere() {
    for (int at = 0; at <= END.length; at++) {
      append(bytes("payload" + "--end--".substring(0, at)));
      assertThat(packet.endsWith(END)).as("split at %d", at).isEqualTo(at == END.length);
      append(bytes("--end--".substring(at)));
      assertThat(packet.endsWith(END)).as("split at %d", at).isTrue();
      assertThat(packet.take()).asString(US_ASCII).isEqualTo("payload--end--");
    }
  }

  @Test
  void anEmptyOneEndsWithNothing() {
    assertThat(packet.endsWith(END)).isFalse();
    append(bytes("end--"));
    assertThat(packet.endsWith(END)).isFalse();
  }

  @Test
  void whatItHasRoomForCounts() {
    assertThat(append(new byte[100])).isTrue();
    assertThat(budget.taken()).as("no more than the first read brings").isEqualTo(100);
    assertThat(append(new byte[1])).isTrue();
    assertThat(budget.taken()).isEqualTo(200);
    assertThat(packet.take()).hasSize(101);
    assertThat(budget.taken()).as("what was handed over").isEqualTo(101);
    budget.give(101);
    assertThat(append(new byte[100])).isTrue();
    packet.clear();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void takesNothingWhenThereIsNoMemory() {
    budget.add(9_950);
    assertThat(append(new byte[100])).isFalse();
    assertThat(packet.isEmpty()).isTrue();
    assertThat(budget.taken()).isEqualTo(9_950);
  }

  @Test
  void growsToItsLimitAndNoFurther() {
    Random random = new Random(1);
    while (packet.mayHave(100)) {
      assertThat(append(new byte[1 + random.nextInt(100)])).isTrue();
      assertThat(budget.taken()).isBetween((long) packet.size(), 2_000L);
    }
    assertThat(packet.size()).isBetween(1_900, 2_000);
  }
}
