package dev.rr.operator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket with nothing between the test and the bytes. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawClient(OperatorServer server) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()));
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Everything until the server closes. */
  String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One answer: its head and as much body as it announces. */
  String readAnswer() throws IOException {
    String head = readUntil("\r\n\r\n");
    int at = head.indexOf("Content-Length: ");
    if (at < 0) {
      return head.contains("chunked") ? head + readUntil("0\r\n\r\n") : head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  String readUntil(String end) throws IOException {
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

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
