package dev.rr.plugin.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** A client; nothing that it waits for may take longer than twenty seconds. One thread. */
final class Client implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  final Socket socket;
  private final InputStream in;

  Client(int port) throws IOException {
    this(new Socket("127.0.0.1", port));
  }

  Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** As the server writes it. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  Client send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Sends, and reads the line that is answered. */
  String ask(String text) throws IOException {
    return send(text).line();
  }

  /** What comes until a line feed, without the end of the line; empty when the server closes. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** Reads as many bytes as are there, so many at most. */
  int read(int bytes) throws IOException {
    return in.readNBytes(bytes).length;
  }

  /** All that comes until the server closes. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** Whether the server ends the connection, in good order or not, without another byte. */
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
