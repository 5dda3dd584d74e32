import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * RPC ping-pong from one thread: each connection has one call in flight. Usage: {@code java
 * RpcLoad.java PORT METHOD JSON CONNECTIONS SECONDS SERVER_PID}. Prints calls per second and the
 * server's CPU microseconds per call. The first second warms up and is not counted.
 */
final class RpcLoad {
  private static final double TICKS_PER_SECOND = 100;

  private final ByteBuffer request;
  private final Path stat;
  private long answers;

  private RpcLoad(String method, String json, String pid) {
    this.request = frame(method, json);
    this.stat = Path.of("/proc", pid, "stat");
  }

  public static void main(String[] args) throws IOException {
    RpcLoad load = new RpcLoad(args[1], args[2], args[5]);
    int connections = Integer.parseInt(args[3]);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        load.connect(selector, Integer.parseInt(args[0]));
      }
      load.run(selector, 1);
      load.answers = 0;
      double cpu = load.serverCpu();
      double seconds = load.run(selector, Double.parseDouble(args[4]));
      double perCall = (load.serverCpu() - cpu) * 1e6 / load.answers;
      System.out.printf("%.0f %.2f%n", load.answers / seconds, perCall);
    }
  }

  private void connect(Selector selector, int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    channel.register(selector, SelectionKey.OP_READ, in);
    channel.write(request.duplicate());
  }

  private double run(Selector selector, double seconds) throws IOException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      selector.select(this::read, 1_000);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void read(SelectionKey key) {
    try {
      SocketChannel channel = (SocketChannel) key.channel();
      ByteBuffer in = (ByteBuffer) key.attachment();
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (in.position() >= 20 && in.position() == 20 + in.getInt(2)) {
        if ((in.get(1) & 0x40) != 0) {
          in.flip().position(20);
          throw new IOException("error: " + StandardCharsets.UTF_8.decode(in));
        }
        in.clear();
        answers++;
        channel.write(request.duplicate());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private double serverCpu() throws IOException {
    String text = Files.readString(stat);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static ByteBuffer frame(String method, String json) {
    byte[] name = method.getBytes(StandardCharsets.UTF_8);
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocateDirect(20 + name.length + body.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x15).put((byte) 0x08).putInt(name.length + body.length);
    CRC32 crc = new CRC32();
    crc.update(out.duplicate().flip());
    out.putInt((int) crc.getValue()).putShort((short) 0);
    out.putInt(1).putInt(name.length).put(name).put(body);
    return out.flip();
  }
}
