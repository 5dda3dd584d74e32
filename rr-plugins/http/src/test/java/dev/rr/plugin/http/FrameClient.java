package dev.rr.plugin.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 client that says what it is told to, in the clear. What it sends may be no HTTP/2. */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  static final int PROTOCOL_ERROR = 1;

  /** What a frame was. */
  record Frame(int type, int flags, int stream, byte[] payload) {
    int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    boolean ends(int id) {
      return stream == id && type <= HEADERS && (flags & END_STREAM) != 0;
    }

    /** As far as a head is text: literals that are not compressed. */
    String text() {
      return new String(payload, StandardCharsets.ISO_8859_1);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  FrameClient(TestServer server) throws Exception {
    this(server.connect());
  }

  FrameClient(Socket connected) throws IOException {
    socket = connected;
    in = new DataInputStream(socket.getInputStream());
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0);
  }

  FrameClient frame(int type, int flags, int stream, byte... payload) {
    ByteBuffer head = ByteBuffer.allocate(9);
    head.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream);
    out.writeBytes(head.array());
    out.writeBytes(payload);
    return this;
  }

  FrameClient window(int increment) {
    return frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(increment).array());
  }

  /** In pieces of {@code size} bytes. */
  FrameClient send(int size) throws IOException {
    byte[] bytes = out.toByteArray();
    out.reset();
    for (int at = 0; at < bytes.length; at += size) {
      socket.getOutputStream().write(bytes, at, Math.min(size, bytes.length - at));
      socket.getOutputStream().flush();
    }
    return this;
  }

  FrameClient send() throws IOException {
    return send(Integer.MAX_VALUE / 2);
  }

  /** The next frame, null at the end. */
  @Nullable Frame read() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length = first << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    return new Frame(type, flags, stream, in.readNBytes(length));
  }

  Frame readUntil(Predicate<Frame> wanted) throws IOException {
    for (Frame frame = read(); frame != null; frame = read()) {
      if (wanted.test(frame)) {
        return frame;
      }
    }
    throw new AssertionError("closed before");
  }

  int goAwayError() throws IOException {
    return readUntil(f -> f.type() == GOAWAY).code();
  }

  /** Fields as literals that neither side remembers: names and values in turns. */
  static byte[] fields(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      text(block, namesAndValues[i]);
      text(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>>= 7) {
        block.write(rest & 127 | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
