package dev.rr.plugin.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket with nothing between the test and the bytes. */
final class RawClient implements AutoCloseable {
  private final Socket socket;

  RawClient(TestServer server) throws Exception {
    socket = server.connect();
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Everything until the server closes. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One answer: its head and as much body as it announces. */
  String readAnswer() throws IOException {
    String head = readUntil("\r\n\r\n");
    int at = head.indexOf("Content-Length: ");
    if (at < 0) {
      return head.contains("chunked") ? head + readUntil("0\r\n\r\n") : head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    return head
        + new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  String readUntil(String end) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!out.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after: " + out.toString(StandardCharsets.ISO_8859_1));
      }
      out.write(b);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the server closes without another byte. */
  boolean closes() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
