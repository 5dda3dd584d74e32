package com.example;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import javax.net.SocketFactory;

/**
 * A connection over which one request follows the other. The JDK's client asks again where a
 * connection breaks, which would hide losses; this one asks once. One thread.
 */
final class Connection implements Closeable {
  private static final int DEADLINE_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;
  private boolean usable = true;

  private Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects to a port of this machine. */
  static Connection open(SocketFactory sockets, int port) throws IOException {
    Socket socket = sockets.createSocket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.setTcpNoDelay(true);
      return new Connection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Asks, and reads the whole answer. */
  Answer ask(Request request) throws IOException {
    usable = false;
    send(request);
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> fields = fields();
    byte[] body = body(fields);
    usable = !fields.getOrDefault("connection", "").equals("close");
    if (fields.getOrDefault("content-encoding", "").equals("gzip")) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
    return new Answer(status, body);
  }

  /** Asks, and leaves in the midst of the answer. */
  void abandon(Request request) throws IOException {
    usable = false;
    send(request);
    line();
    socket.setSoLinger(true, 0);
    close();
  }

  private void send(Request request) throws IOException {
    String head =
        request.method()
            + " "
            + request.path()
            + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nContent-Type: "
            + request.type()
            + "\r\nContent-Length: "
            + request.body().length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(request.body());
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] field = line.split(": *", 2);
      fields.put(field[0].toLowerCase(Locale.ROOT), field[1]);
    }
    return fields;
  }

  private byte[] body(Map<String, String> fields) throws IOException {
    if (!fields.containsKey("transfer-encoding")) {
      return exactly(Integer.parseInt(fields.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      body.write(exactly(size));
      line();
    }
    fields();
    return body.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed within a head, after \"" + line + "\"");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  /** Whether another request may follow. */
  boolean usable() {
    return usable;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A status and a body, decoded. */
  record Answer(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
