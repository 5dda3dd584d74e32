package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.testing.worker.Await;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A connection that was or was not taken over, and the client at its other end. Any thread. */
final class Connection implements HttpUpgrade.Switch, HttpUpgrade.Wire {
  private final Deflation deflation = new Deflation();
  private final List<String> frames = new CopyOnWriteArrayList<>();
  private volatile HttpUpgrade.@Nullable Receiver receiver;
  volatile HttpHeaders accepted = HttpHeaders.EMPTY;
  volatile long pending;
  volatile int resumed;
  volatile boolean closed;

  @Override
  public HttpUpgrade.Wire accept(HttpHeaders headers, HttpUpgrade.Receiver to) {
    accepted = headers;
    receiver = to;
    return this;
  }

  boolean isAccepted() {
    return receiver != null;
  }

  private HttpUpgrade.Receiver receiver() {
    Await.until("the upgrade", this::isAccepted);
    HttpUpgrade.Receiver to = receiver;
    if (to == null) {
      throw new AssertionError("not accepted");
    }
    return to;
  }

  // What the client does.

  boolean send(byte[] bytes) {
    return receiver().received(ByteBuffer.wrap(bytes));
  }

  boolean say(String text) {
    return send(ClientFrames.text(text));
  }

  /** A command with topics. */
  boolean say(String command, String... topics) {
    return say(
        "{\"command\":\"" + command + "\",\"topics\":[\"" + String.join("\",\"", topics) + "\"]}");
  }

  /** Has the server look whether this client is still there, as if it were so late. */
  void look(long nowNanos) {
    ((Client) receiver()).look(nowNanos);
  }

  void vanish() {
    receiver().closed(null);
  }

  /** Every frame so far: its text, or what it is. */
  List<String> frames() {
    return List.copyOf(frames);
  }

  /** Waits for so many frames, and answers them. */
  List<String> frames(int count) {
    Await.until(count + " frames, there are " + frames, () -> frames.size() >= count);
    return frames();
  }

  // What the server does.

  @Override
  public void write(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice();
    int first = in.get() & 0xff;
    int length = in.get() & 0x7f;
    if (length == 126) {
      length = in.getShort() & 0xffff;
    } else if (length == 127) {
      length = Math.toIntExact(in.getLong());
    }
    byte[] payload = new byte[length];
    in.get(payload);
    if (in.hasRemaining()) {
      throw new AssertionError("more than one frame");
    }
    frames.add(frame(first, payload));
  }

  /** What a client does not take it still holds. */
  @Override
  public void write(ByteBuffer shared, Runnable sent) {
    write(shared);
    if (pending == 0) {
      sent.run();
    }
  }

  private String frame(int first, byte[] payload) {
    return switch (first) {
      case Frames.FIN | Frames.TEXT -> new String(payload, UTF_8);
      case Frames.FIN | Frames.RSV1 | Frames.TEXT -> "packed " + unpacked(payload);
      case Frames.FIN | Frames.PING -> "ping";
      case Frames.FIN | Frames.PONG -> "pong " + new String(payload, UTF_8);
      case Frames.FIN | Frames.CLOSE ->
          "close " + (payload.length == 0 ? "" : (payload[0] & 0xff) << 8 | payload[1] & 0xff);
      default -> throw new AssertionError("a frame that begins with " + first);
    };
  }

  private String unpacked(byte[] payload) {
    try {
      return new String(deflation.unpack(payload, 1 << 20), UTF_8);
    } catch (ProtocolFault e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public long pending() {
    return pending;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void resume() {
    resumed++;
  }

  @Override
  public void close() {
    closed = true;
  }
}
