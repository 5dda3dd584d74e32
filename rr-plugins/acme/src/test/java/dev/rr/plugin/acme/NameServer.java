package dev.rr.plugin.acme;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * A DNS server over TCP, as Pebble asks it: every name is on the loopback interface, except those
 * that begin with {@code nowhere}.
 */
final class NameServer implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int A = 1;
  private static final int NO_SUCH_NAME = 3;

  private final ServerSocket listening;

  NameServer() throws IOException {
    listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    Thread.ofPlatform().name("test-dns").daemon().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().name("test-dns-answer").start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] question = new byte[in.readUnsignedShort()];
        in.readFully(question);
        byte[] answer = answer(ByteBuffer.wrap(question));
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (IOException left) {
      // It has what it wanted.
    }
  }

  private static byte[] answer(ByteBuffer question) {
    int end = HEADER;
    while (question.get(end) != 0) {
      end += question.get(end) + 1;
    }
    boolean nowhere = question.get(HEADER + 1) == 'n';
    boolean found = !nowhere && question.getShort(end + 1) == A;
    ByteBuffer answer = ByteBuffer.allocate(512);
    answer.putShort(question.getShort(0)).putShort((short) (0x8180 | (nowhere ? NO_SUCH_NAME : 0)));
    answer.putShort((short) 1).putShort((short) (found ? 1 : 0)).putInt(0);
    answer.put(question.slice(HEADER, end + 5 - HEADER));
    if (found) {
      // The name from above, an address of class IN, a minute, four bytes.
      answer.putShort((short) 0xc00c).putShort((short) A).putShort((short) 1).putInt(60);
      answer.putShort((short) 4).put(new byte[] {127, 0, 0, 1});
    }
    byte[] bytes = new byte[answer.position()];
    answer.flip().get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
