package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  /** Takes nothing any more. */
  private static final class Closed implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      throw new IOException("Broken pipe");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static Relay left(byte[] behind) {
    return new Relay(
        Channels.newChannel(new ByteArrayInputStream(behind)),
        new Closed(),
        Relay.Buffers.allocate());
  }

  @Test
  void keepsTheOutputOfAWorkerThatLeftBeforeItWasAsked() {
    Relay relay = left("Could not open input file: worker.php\n".getBytes(UTF_8));
    assertThatThrownBy(() -> Handshake.exchange(relay)).isInstanceOf(EOFException.class);
    assertThat(relay.takeSkipped()).isEqualTo("Could not open input file: worker.php");
  }

  @Test
  void failsAsTheWriteDidWhereAFrameWasLeft() {
    Relay relay = left(Frame.of(Frame.CONTROL, 0, "{\"pid\":7}".getBytes(UTF_8), 0));
    assertThatThrownBy(() -> Handshake.exchange(relay)).hasMessage("Broken pipe");
  }
}
