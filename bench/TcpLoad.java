import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Packets and their echoes from one thread: each connection has one packet under way. Usage: {@code
 * java TcpLoad.java PORT BYTES CONNECTIONS SECONDS}. BYTES is the length of a packet with its
 * delimiter, a carriage return and a line feed. Prints round trips per second, the microseconds
 * that 50 and 99 of a hundred of them take at most, and all that were made: the first second warms
 * up and counts in the last figure alone.
 */
final class TcpLoad {
  private final ByteBuffer packet;
  private final Latencies latencies = new Latencies();

  private TcpLoad(int bytes) {
    packet = ByteBuffer.allocateDirect(bytes);
    while (packet.remaining() > 2) {
      packet.put((byte) 'x');
    }
    packet.put((byte) '\r').put((byte) '\n').flip();
  }

  /** What is yet to be sent of a packet, and what came back of it. */
  private final class Client {
    private final ByteBuffer in = ByteBuffer.allocateDirect(packet.capacity());
    private ByteBuffer out = packet.duplicate();
    private long sentAt;

    void begin(SelectionKey key) throws IOException {
      sentAt = System.nanoTime();
      out = packet.duplicate();
      write(key);
    }

    void write(SelectionKey key) throws IOException {
      ((SocketChannel) key.channel()).write(out);
      key.interestOps(
          out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void read(SelectionKey key) throws IOException {
      if (((SocketChannel) key.channel()).read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (in.hasRemaining()) {
        return;
      }
      if (in.flip().mismatch(packet) >= 0) {
        throw new IOException("another answer than what was sent");
      }
      in.clear();
      latencies.add(sentAt);
      begin(key);
    }
  }

  public static void main(String[] args) throws IOException {
    TcpLoad load = new TcpLoad(Integer.parseInt(args[1]));
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        load.connect(selector, Integer.parseInt(args[0]));
      }
      load.run(selector, 1);
      long warmUp = load.latencies.answers();
      load.latencies.clear();
      double seconds = load.run(selector, Double.parseDouble(args[3]));
      Latencies got = load.latencies;
      System.out.printf(
          "%.0f %d %d %d%n",
          got.answers() / seconds, got.percentile(50), got.percentile(99), got.answers() + warmUp);
    }
  }

  private void connect(Selector selector, int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Client client = new Client();
    client.begin(channel.register(selector, SelectionKey.OP_READ, client));
  }

  private double run(Selector selector, double seconds) throws IOException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      selector.select(TcpLoad::serve, 1_000);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void serve(SelectionKey key) {
    try {
      Client client = (Client) key.attachment();
      if (key.isWritable()) {
        client.write(key);
      }
      if (key.isReadable()) {
        client.read(key);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
