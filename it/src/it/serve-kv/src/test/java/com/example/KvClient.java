package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;

/** A connection over which kv is called in protobuf, one call after the other. One thread. */
final class KvClient implements AutoCloseable {
  private static final int HEAD = 20;
  private static final int PROTO = 0x80;
  private static final int ERROR = 0x40;
  private static final int SILENCE = 60_000;

  private final Socket socket;
  private final DataInputStream in;

  /** What the server says no with. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String text) {
      super(text);
    }
  }

  KvClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(SILENCE);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
  }

  void set(String storage, String key, byte[] value) throws IOException, Refusal {
    ByteArrayOutputStream item = new ByteArrayOutputStream();
    field(item, 1, key.getBytes(UTF_8));
    field(item, 2, value);
    int unused = call("kv.Set", message(storage, List.of(item.toByteArray())));
  }

  /** How many bytes the answer has. */
  int get(String storage, List<String> keys) throws IOException, Refusal {
    return call("kv.MGet", message(storage, items(keys)));
  }

  /** Deletes everything. */
  void clear(String storage) throws IOException, Refusal {
    int unused = call("kv.Clear", message(storage, List.of()));
  }

  private static List<byte[]> items(List<String> keys) {
    return keys.stream()
        .map(key -> {
          ByteArrayOutputStream item = new ByteArrayOutputStream();
          field(item, 1, key.getBytes(UTF_8));
          return item.toByteArray();
        })
        .toList();
  }

  private static byte[] message(String storage, List<byte[]> items) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    field(message, 1, storage.getBytes(UTF_8));
    items.forEach(item -> field(message, 2, item));
    return message.toByteArray();
  }

  private static void field(ByteArrayOutputStream out, int number, byte[] value) {
    out.write(number << 3 | 2);
    int length = value.length;
    while (length > 127) {
      out.write(length & 127 | 128);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(value);
  }

  private int call(String method, byte[] message) throws IOException, Refusal {
    byte[] name = method.getBytes(UTF_8);
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) (1 << 4 | HEAD / 4)).put((byte) PROTO).putInt(name.length + message.length);
    CRC32 sum = new CRC32();
    sum.update(head.array(), 0, head.position());
    head.putInt((int) sum.getValue()).putShort((short) 0).putInt(1).putInt(name.length);
    socket.getOutputStream().write(head.array());
    socket.getOutputStream().write(name);
    socket.getOutputStream().write(message);
    return answer();
  }

  private int answer() throws IOException, Refusal {
    ByteBuffer head = ByteBuffer.wrap(in.readNBytes(HEAD)).order(ByteOrder.LITTLE_ENDIAN);
    if (head.remaining() < HEAD) {
      throw new IOException("the connection ended");
    }
    int length = head.getInt(2);
    int name = head.getInt(16);
    in.skipNBytes(name);
    if ((head.get(1) & ERROR) != 0) {
      throw new Refusal(new String(in.readNBytes(length - name), UTF_8).replace("\n\t", " "));
    }
    in.skipNBytes(length - name);
    return length - name;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
