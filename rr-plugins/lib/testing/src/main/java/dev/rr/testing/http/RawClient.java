package dev.rr.testing.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket with nothing between the test and the bytes. One thread. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** A client on a socket that is connected; closes it. */
  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** A client of a port of this machine that waits for no byte longer than 20 seconds. */
  public static RawClient connect(int port) throws IOException {
    Socket socket = new Socket();
    // Small, so that a reader that stops is soon felt.
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    return new RawClient(socket);
  }

  /** Sends text, each character as one byte. */
  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Everything until the server closes. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One answer: its head and as much body as it announces. */
  public String readAnswer() throws IOException {
    String head = readUntil("\r\n\r\n");
    int at = head.indexOf("Content-Length: ");
    if (at < 0) {
      return head.contains("chunked") ? head + readUntil("0\r\n\r\n") : head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  /** Reads up to and including a text. */
  public String readUntil(String end) throws IOException {
    StringBuilder out = new StringBuilder();
    while (out.length() < end.length() || out.indexOf(end, out.length() - end.length()) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after: " + out);
      }
      out.append((char) b);
    }
    return out.toString();
  }

  /** Reads that many bytes and drops them; false when there are fewer. */
  public boolean skip(long count) throws IOException {
    byte[] room = new byte[64 * 1024];
    long left = count;
    while (left > 0) {
      int read = in.read(room, 0, (int) Math.min(room.length, left));
      if (read < 0) {
        return false;
      }
      left -= read;
    }
    return true;
  }

  /** Whether the server closes without another byte. */
  public boolean closes() throws IOException {
    return in.read() < 0;
  }

  /** Says that nothing more will be sent. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** The socket below. */
  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
