package dev.rr.plugin.rpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Speaks the RPC protocol on a plain socket, right or wrong as a test wants it. One thread reads,
 * one writes.
 */
final class RawClient implements AutoCloseable {
  static final int PROTO = 0x80;
  static final int JSON = 0x08;
  static final int RAW = 0x04;
  static final int MSGPACK = 0x10;
  static final int GOB = 0x20;

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private int sequence;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /**
   * An answer.
   *
   * @param flags byte 1
   * @param sequence the first option
   * @param method the second option's part of the payload
   */
  record Reply(int flags, int sequence, String method, byte[] body) {
    boolean isError() {
      return (flags & 0x40) != 0;
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] frame(int flags, int sequence, String method, byte[] body) {
    byte[] name = utf8(method);
    return frame(flags, new int[] {sequence, name.length}, join(name, body));
  }

  static byte[] frame(int flags, int[] options, byte[] payload) {
    ByteBuffer frame =
        ByteBuffer.allocate(12 + 4 * options.length + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    frame.put((byte) (0x10 | 3 + options.length)).put((byte) flags).putInt(payload.length);
    CRC32 crc = new CRC32();
    crc.update(frame.array(), 0, 6);
    frame.putInt((int) crc.getValue()).putShort((short) 0);
    for (int option : options) {
      frame.putInt(option);
    }
    return frame.put(payload).array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  int send(int flags, String method, byte[] body) throws IOException {
    write(frame(flags, ++sequence, method, body));
    return sequence;
  }

  Reply receive() throws IOException {
    byte[] head = in.readNBytes(20);
    if (head.length < 20) {
      throw new java.io.EOFException("after " + head.length + " bytes of a header");
    }
    ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    CRC32 crc = new CRC32();
    crc.update(head, 0, 6);
    if (head[0] != 0x15 || (int) crc.getValue() != fields.getInt(6)) {
      throw new IOException("a broken header");
    }
    byte[] payload = new byte[fields.getInt(2)];
    in.readFully(payload);
    int name = fields.getInt(16);
    return new Reply(
        head[1] & 0xff,
        fields.getInt(12),
        new String(payload, 0, name, StandardCharsets.UTF_8),
        java.util.Arrays.copyOfRange(payload, name, payload.length));
  }

  Reply call(int flags, String method, byte[] body) throws IOException {
    int sent = send(flags, method, body);
    Reply reply = receive();
    if (reply.sequence() != sent || !reply.method().equals(method)) {
      throw new IOException("not the answer to " + method + ": " + reply);
    }
    return reply;
  }

  String json(String method, String json) throws IOException {
    Reply reply = call(JSON, method, utf8(json));
    return reply.isError() ? "error: " + reply.text() : reply.text();
  }

  /** Whether the server has closed the connection, waiting for it. */
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** Tells the server that no request follows. */
  void endRequests() throws IOException {
    socket.shutdownOutput();
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
