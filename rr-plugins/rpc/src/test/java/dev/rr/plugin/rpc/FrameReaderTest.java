package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.plugin.rpc.FrameReader.BrokenFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final int LIMIT = 5_000;

  @Test
  void cutsFramesFromPiecesOfAnySize() throws Exception {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<byte[]> bodies = new ArrayList<>();
      List<byte[]> frames = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] body = new byte[random.nextInt(random.nextBoolean() ? 30 : 2 * LIMIT)];
        random.nextBytes(body);
        bodies.add(body);
        frames.add(RawClient.frame(4, i, "a.B", body));
      }
      List<Call> calls =
          feed(new FrameReader(LIMIT), RawClient.join(frames.toArray(byte[][]::new)), random);
      assertThat(calls).as("seed %d", seed).hasSize(20);
      for (int i = 0; i < 20; i++) {
        checkCall(calls.get(i), i, bodies.get(i));
      }
    }
  }

  private static void checkCall(Call call, int sequence, byte[] body) {
    assertThat(call.sequence()).isEqualTo(sequence);
    assertThat(call.method()).isEqualTo("a.B");
    assertThat(call.flags()).isEqualTo(4);
    if (body.length + 3 <= LIMIT) {
      assertThat(call.payload()).isEqualTo(RawClient.join(RawClient.utf8("a.B"), body));
      assertThat(call.dropped()).isZero();
    } else {
      assertThat(call.payload()).isEqualTo(RawClient.utf8("a.B"));
      assertThat(call.dropped()).isEqualTo(body.length);
    }
  }

  private static List<Call> feed(FrameReader reader, byte[] bytes, Random random)
      throws BrokenFrame {
    List<Call> calls = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int piece = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 4_000));
      ByteBuf in = Unpooled.wrappedBuffer(bytes, at, piece);
      at += piece;
      while (in.isReadable()) {
        reader.readHead(in);
        Call call = reader.readPayload(in);
        if (call != null) {
          calls.add(call);
        }
      }
    }
    return calls;
  }

  @Test
  void takesAnEmptyPayload() throws Exception {
    FrameReader reader = new FrameReader(LIMIT);
    ByteBuf in = Unpooled.wrappedBuffer(RawClient.frame(8, 3, "", new byte[0]));
    reader.readHead(in);
    assertThat(reader.readPayload(in))
        .satisfies(call -> assertThat(call.method()).isEmpty())
        .satisfies(call -> assertThat(call.sequence()).isEqualTo(3));
    assertThat(reader.isInFrame()).isFalse();
  }

  @Test
  void everyFlippedBitOfTheCheckedHeaderIsFound() {
    byte[] frame = RawClient.frame(8, 1, "a.B", RawClient.utf8("true"));
    for (int bit = 0; bit < 80; bit++) {
      byte[] bad = frame.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> feed(new FrameReader(LIMIT), bad, new Random(1)))
          .as("bit %d", bit)
          .isInstanceOf(BrokenFrame.class);
    }
  }

  @Test
  void noiseIsRefusedOrWaitedForButNeverHarms() {
    int refused = 0;
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = 0x15;
      }
      try {
        assertThat(feed(new FrameReader(LIMIT), noise, random)).as("seed %d", seed).isEmpty();
      } catch (BrokenFrame expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void mutatedFramesNeverBreakTheReader() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] frame = RawClient.frame(8, 1, "test.Echo", RawClient.utf8("\"x\""));
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
      try {
        for (Call call : feed(new FrameReader(LIMIT), frame, random)) {
          assertThat(call.nameLength()).isBetween(0, call.payload().length);
        }
      } catch (BrokenFrame expected) {
        // most of them
      }
    }
  }
}
