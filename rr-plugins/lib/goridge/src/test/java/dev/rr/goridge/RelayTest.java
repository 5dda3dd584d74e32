package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RelayTest {
  private static final Relay.Buffers BUFFERS = Relay.Buffers.allocate();

  @Test
  void tellsTheEndBetweenFramesInAHeaderAndInAPayload() {
    byte[] frame = Frame.of(0, 0, "payload".getBytes(UTF_8), 0);
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(frame, length);
      Relay relay = reading(cut, cut.length + 1);
      assertThatThrownBy(
              () -> {
                relay.receive();
                relay.read(7);
              })
          .as("%d bytes", length)
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void keepsTheTextOfAScriptThatIsMissing() {
    Relay relay = reading("Could not open input file: test.php\n".getBytes(UTF_8), 5);
    assertThatThrownBy(relay::receive).isInstanceOf(EOFException.class);
    assertThat(relay.takeSkipped()).isEqualTo("Could not open input file: test.php");
    assertThat(relay.skipped()).isZero();
  }

  @Test
  void doesNotTakeAFrameWithAFlippedBitForOne() {
    byte[] frame = Frame.of(0, 0, "payload".getBytes(UTF_8), 0);
    for (int bit = 0; bit < 80; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> reading(flipped, 100).receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void givesUpPastTheBound() {
    byte[] noise = new byte[Relay.MAX_SKIPPED + 100_000];
    java.util.Arrays.fill(noise, (byte) 'n');
    Relay relay = reading(noise, 4096);
    assertThatThrownBy(relay::receive).hasMessageContaining("no frame");
    assertThat(relay.takeSkipped()).hasSize(8192);
  }

  @Test
  void writesAShortFrameAtOnceAndNeverSplitsAHeader() throws IOException {
    List<byte[]> writes = new ArrayList<>();
    Relay relay = writing(writes, new Random(1), false);
    relay.send(Frame.JSON, "{}".getBytes(UTF_8), "body".getBytes(UTF_8));
    assertThat(writes).hasSize(1);
    relay.send(Frame.JSON, new byte[200_000], new byte[0]);
    assertThat(writes.get(1)).hasSize(Relay.BUFFER);
    assertThat(writes).hasSize(5);
  }

  @Test
  void failsWhenABodyIsShorterThanPromised() {
    Relay relay = writing(new ArrayList<>(), new Random(1), false);
    ReadableByteChannel body = Channels.newChannel(new ByteArrayInputStream(new byte[10]));
    assertThatThrownBy(() -> relay.send(0, new byte[1], body, 11))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("1 bytes early");
  }

  // Frames of every shape with text between them, in reads and writes of any size: all come
  // through, in order.
  @Test
  void findsEveryFrameInAnyNoise() throws IOException {
    long seed = Long.getLong("rr.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<byte[]> payloads = new ArrayList<>();
      byte[] wire = wire(random, payloads);
      Relay relay = reading(wire, 1 + random.nextInt(round % 2 == 0 ? 20 : 70_000));
      for (byte[] payload : payloads) {
        relay.receive();
        assertThat(relay.left()).as("seed %d", seed).isEqualTo(payload.length);
        assertThat(readAll(relay, random)).as("seed %d", seed).isEqualTo(payload);
      }
      assertThatThrownBy(relay::receive).as("seed %d", seed).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void sendsWhatItReceives() throws IOException {
    long seed = Long.getLong("rr.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] context = bytes(random, 100_000);
      byte[] body = bytes(random, 200_000);
      List<byte[]> writes = new ArrayList<>();
      Relay relay = writing(writes, random, true);
      if (round % 2 == 0) {
        relay.send(Frame.PROTO, context, body);
      } else {
        relay.send(
            Frame.PROTO, context, Channels.newChannel(new ByteArrayInputStream(body)), body.length);
      }
      Relay back = reading(join(writes), 1 + random.nextInt(70_000));
      back.receive();
      assertThat(back.flags()).isEqualTo(Frame.PROTO);
      assertThat(back.option()).as("seed %d", seed).isEqualTo(context.length);
      assertThat(back.read(context.length)).as("seed %d", seed).isEqualTo(context);
      assertThat(back.read(body.length)).as("seed %d", seed).isEqualTo(body);
    }
  }

  // Bytes that mean nothing must end in an exception, never in a wait, a wrong index or much
  // memory.
  @Test
  void survivesArbitraryBytes() {
    long seed = Long.getLong("rr.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      for (int i = 0; i < noise.length; i += 1 + random.nextInt(20)) {
        noise[i] = (byte) (0x10 | random.nextInt(16));
      }
      assertThatThrownBy(() -> reading(noise, 50).receive())
          .as("seed %d", seed)
          .isInstanceOf(IOException.class);
    }
  }

  private static byte[] wire(Random random, List<byte[]> payloads) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int frames = 1 + random.nextInt(6);
    for (int i = 0; i < frames; i++) {
      if (random.nextBoolean()) {
        byte[] text = bytes(random, 100);
        wire.writeBytes(text);
      }
      byte[] payload = bytes(random, random.nextBoolean() ? 50 : 150_000);
      payloads.add(payload);
      wire.writeBytes(
          Frame.of(
              random.nextInt(256),
              random.nextInt(256),
              payload,
              random.ints(random.nextInt(11)).toArray()));
    }
    return wire.toByteArray();
  }

  private static byte[] readAll(Relay relay, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (relay.left() > 0) {
      if (random.nextBoolean()) {
        ByteBuffer chunk = relay.chunk();
        out.write(chunk.array(), chunk.position(), chunk.remaining());
      } else {
        out.writeBytes(relay.read(1 + random.nextInt((int) Math.min(relay.left(), 70_000))));
      }
    }
    return out.toByteArray();
  }

  @Test
  void seesAFrameThatNobodyAskedForBehindText() throws IOException {
    byte[] frame = Frame.of(Frame.JSON, 0, "{}x".getBytes(UTF_8), 2);
    Relay relay = pending(join(List.of("debug".getBytes(UTF_8), frame)), 3);
    assertThat(relay.hasFrame()).isTrue();
    assertThat(relay.takeSkipped()).isEqualTo("debug");
    relay.receive();
    assertThat(relay.read(3)).asString().isEqualTo("{}x");
    assertThat(relay.hasFrame()).isFalse();
  }

  @Test
  void textAloneIsNoFrameAndIsSkipped() throws IOException {
    Relay relay = pending("printed after the answer".getBytes(UTF_8), 5);
    assertThat(relay.hasFrame()).isFalse();
    assertThatThrownBy(relay::receive).isInstanceOf(EOFException.class);
    assertThat(relay.takeSkipped()).isEqualTo("printed after the answer");
  }

  @Test
  void theBeginningOfAHeaderStaysForTheFrame() throws IOException {
    byte[] frame = Frame.of(Frame.JSON, 0, "{}x".getBytes(UTF_8), 2);
    ByteBuffer source = ByteBuffer.wrap(frame);
    Relay relay =
        new Relay(
            channel(source, 4),
            Channels.newChannel(new ByteArrayOutputStream()),
            BUFFERS,
            () -> 4 - source.position());
    assertThat(relay.hasFrame()).isFalse();
    relay.receive();
    assertThat(relay.read(3)).asString().isEqualTo("{}x");
    assertThat(relay.skipped()).isZero();
  }

  private static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  // Gives at most `most` bytes at a time.
  private static Relay reading(byte[] bytes, int most) {
    ReadableByteChannel in = channel(ByteBuffer.wrap(bytes), most);
    return new Relay(in, Channels.newChannel(new ByteArrayOutputStream()), BUFFERS);
  }

  // As reading, and says what is left.
  private static Relay pending(byte[] bytes, int most) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    return new Relay(
        channel(source, most),
        Channels.newChannel(new ByteArrayOutputStream()),
        BUFFERS,
        source::remaining);
  }

  private static ReadableByteChannel channel(ByteBuffer source, int most) {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer into) {
        if (!source.hasRemaining()) {
          return -1;
        }
        int some = Math.min(Math.min(most, source.remaining()), into.remaining());
        into.put(source.slice(source.position(), some));
        source.position(source.position() + some);
        return some;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  private static Relay writing(List<byte[]> writes, Random random, boolean partly) {
    WritableByteChannel out =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer from) {
            int some = partly ? 1 + random.nextInt(from.remaining()) : from.remaining();
            byte[] bytes = new byte[some];
            from.get(bytes);
            writes.add(bytes);
            return some;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    return new Relay(Channels.newChannel(new ByteArrayInputStream(new byte[0])), out, BUFFERS);
  }
}
