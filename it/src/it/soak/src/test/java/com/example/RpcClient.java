package com.example;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Calls methods over one connection, in JSON. One thread. */
final class RpcClient implements Closeable {
  private static final int DEADLINE_MILLIS = 70_000;
  private static final int JSON = 0x08;
  private static final int ERROR = 0x40;
  private static final int SUMMED = 6;
  private static final int HEAD = 20;

  private final Socket socket = new Socket();
  private int sequence;

  RpcClient(int port) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
    socket.setSoTimeout(DEADLINE_MILLIS);
  }

  /**
   * Calls a method.
   *
   * @param argument JSON
   * @return JSON
   * @throws IOException with the method's name, when the server answers with an error as well
   */
  String call(String method, String argument) throws IOException {
    byte[] payload = (method + argument).getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(HEAD + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.put((byte) (0x10 | HEAD / 4)).put((byte) JSON).putInt(payload.length);
    CRC32 sum = new CRC32();
    sum.update(frame.array(), 0, SUMMED);
    frame.putInt((int) sum.getValue()).putShort((short) 0);
    frame.putInt(++sequence).putInt(method.length()).put(payload);
    socket.getOutputStream().write(frame.array());
    return answer(method);
  }

  private String answer(String method) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteBuffer head = ByteBuffer.wrap(exactly(in, HEAD)).order(ByteOrder.LITTLE_ENDIAN);
    String payload = new String(exactly(in, head.getInt(2)), StandardCharsets.UTF_8);
    if (head.getInt(12) != sequence) {
      throw new IOException(method + " was answered with another call's answer: " + payload);
    }
    if ((head.get(1) & ERROR) != 0) {
      throw new IOException(payload);
    }
    return payload.substring(method.length());
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the server closed the connection for RPC");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
