package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rr.api.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * Sends messages back, with the plugin's own reader and writer of frames: for clients that look
 * whether these keep the standard. {@link #main} is for suites that are run by hand, such as
 * Autobahn's.
 */
final class EchoServer implements AutoCloseable {
  private static final int LIMIT = 64 * 1024 * 1024;

  private final ServerSocket listening;
  private final Deflation deflation = new Deflation();

  EchoServer(int port) throws IOException {
    listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    var unused = Thread.ofVirtual().name("echo").start(this::accept);
  }

  public static void main(String[] arguments) throws Exception {
    try (EchoServer server = new EchoServer(Integer.parseInt(arguments[0]))) {
      System.out.println("ws://127.0.0.1:" + server.port());
      Thread.currentThread().join();
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        var unused = Thread.ofVirtual().name("echo-client").start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      HttpHeaders asked = head(in);
      String extension = Deflation.accept(asked.all("Sec-WebSocket-Extensions"));
      String key = asked.get("Sec-WebSocket-Key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(key.getBytes(ISO_8859_1));
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(hash)
              + (extension.isEmpty() ? "" : "\r\nSec-WebSocket-Extensions: " + extension)
              + "\r\n\r\n";
      client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      echo(in, client.getOutputStream(), !extension.isEmpty());
    } catch (Exception e) {
      // The client has left.
    }
  }

  private void echo(InputStream in, OutputStream out, boolean packing) throws IOException {
    Echo echo = new Echo(out);
    WebSocketReader reader = new WebSocketReader(LIMIT, packing, echo);
    byte[] bytes = new byte[65_536];
    try {
      for (int read = in.read(bytes); read >= 0 && !echo.closed; read = in.read(bytes)) {
        reader.read(ByteBuffer.wrap(bytes, 0, read));
        if (echo.closed) {
          return;
        }
      }
    } catch (ProtocolFault e) {
      echo.send(Frames.close(e.code(), String.valueOf(e.getMessage())));
    }
  }

  private static HttpHeaders head(InputStream in) throws IOException {
    HttpHeaders headers = new HttpHeaders();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      String text = line.toString().strip();
      line.setLength(0);
      int colon = text.indexOf(':');
      if (text.isEmpty()) {
        return headers;
      }
      if (colon > 0) {
        headers.add(text.substring(0, colon), text.substring(colon + 1).strip());
      }
    }
    throw new IOException("no head");
  }

  private final class Echo implements WebSocketReader.Sink {
    private final OutputStream out;
    boolean closed;

    Echo(OutputStream out) {
      this.out = out;
    }

    void send(byte[] frame) {
      try {
        if (!closed) {
          out.write(frame);
        }
      } catch (IOException e) {
        closed = true;
      }
    }

    @Override
    public void message(byte[] payload, boolean text, boolean packed) throws ProtocolFault {
      byte[] message = packed ? deflation.unpack(payload, LIMIT) : payload;
      if (packed && text) {
        Utf8Check.require(message, 0);
      }
      int first = Frames.FIN | (text ? Frames.TEXT : Frames.BINARY);
      send(
          packed
              ? Frames.frame(first | Frames.RSV1, deflation.pack(message))
              : Frames.frame(first, message));
    }

    @Override
    public void ping(byte[] payload) {
      send(Frames.pong(payload));
    }

    @Override
    public void pong() {}

    @Override
    public void close(int code) {
      send(Frames.close(code, ""));
      closed = true;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    deflation.close();
  }
}
