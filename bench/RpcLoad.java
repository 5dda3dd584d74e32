import java.io.ByteArrayOutputStream;
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
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * RPC ping-pong from one thread: each connection has one call in flight. Usage: {@code java
 * RpcLoad.java PORT METHODS ARGUMENT CONNECTIONS SECONDS SERVER_PID}. Prints calls per second, the
 * server's CPU microseconds per call, and the microseconds that 99 of a hundred calls take at most.
 * The first second warms up and is not counted.
 *
 * <p>METHODS, separated by commas, are called by turns. ARGUMENT is JSON, or {@code proto:} and the
 * fields of a message from number 1 on, texts and whole numbers; an empty answer to one of those is
 * an error, since it stands for no. {@code {n}} is the connection's number. Or it is {@code @} and
 * a file of messages in hexadecimal, a line for each connection, from the first again when there
 * are more.
 */
final class RpcLoad {
  private static final String PROTO = "proto:";
  private static final int HEADER = 20;

  private final Latencies latencies = new Latencies();
  private final String[] methods;
  private final String argument;
  private final ServerCpu cpu;

  private RpcLoad(String methods, String argument, String pid) {
    this.methods = methods.split(",", -1);
    this.argument = argument;
    this.cpu = new ServerCpu(pid);
  }

  /** What a connection sends by turns, and what it has read of an answer. */
  private static final class Client {
    private final ByteBuffer in =
        ByteBuffer.allocateDirect(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer[] requests;
    private final boolean refusesNothing;
    private int sent;
    private long sentAt;

    Client(ByteBuffer[] requests, boolean refusesNothing) {
      this.requests = requests;
      this.refusesNothing = refusesNothing;
    }

    void send(SocketChannel channel) throws IOException {
      sentAt = System.nanoTime();
      channel.write(requests[sent++ % requests.length].duplicate());
    }

    /** Whether a whole answer is there, and says yes. */
    boolean answered() throws IOException {
      if (in.position() < HEADER || in.position() != HEADER + in.getInt(2)) {
        return false;
      }
      boolean error = (in.get(1) & 0x40) != 0;
      boolean no = refusesNothing && (in.get(1) & 0x80) != 0 && in.getInt(2) == in.getInt(16);
      if (error || no) {
        in.flip().position(HEADER);
        throw new IOException((error ? "error: " : "no: ") + StandardCharsets.UTF_8.decode(in));
      }
      in.clear();
      return true;
    }
  }

  public static void main(String[] args) throws IOException {
    RpcLoad load = new RpcLoad(args[1], args[2], args[5]);
    int connections = Integer.parseInt(args[3]);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        load.connect(selector, Integer.parseInt(args[0]), i);
      }
      load.run(selector, 1);
      load.latencies.clear();
      double cpu = load.cpu.seconds();
      double seconds = load.run(selector, Double.parseDouble(args[4]));
      long answers = load.latencies.answers();
      double perCall = (load.cpu.seconds() - cpu) * 1e6 / answers;
      int p99 = load.latencies.percentile(99);
      System.out.printf("%.0f %.2f %d%n", answers / seconds, perCall, p99);
    }
  }

  private void connect(Selector selector, int port, int number) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    ByteBuffer[] requests = new ByteBuffer[methods.length];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = frame(methods[i], argument.replace("{n}", Integer.toString(number)), number);
    }
    Client client = new Client(requests, argument.startsWith(PROTO));
    channel.register(selector, SelectionKey.OP_READ, client);
    client.send(channel);
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
      Client client = (Client) key.attachment();
      if (channel.read(client.in) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (client.answered()) {
        latencies.add(client.sentAt);
        client.send(channel);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteBuffer frame(String method, String argument, int number) throws IOException {
    boolean file = argument.startsWith("@");
    boolean proto = file || argument.startsWith(PROTO);
    byte[] name = method.getBytes(StandardCharsets.UTF_8);
    byte[] body;
    if (file) {
      List<String> lines = Files.readAllLines(Path.of(argument.substring(1)));
      body = HexFormat.of().parseHex(lines.get(number % lines.size()));
    } else if (proto) {
      body = message(argument.substring(PROTO.length()).split(",", -1));
    } else {
      body = argument.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer out =
        ByteBuffer.allocateDirect(HEADER + name.length + body.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x15).put((byte) (proto ? 0x80 : 0x08)).putInt(name.length + body.length);
    CRC32 crc = new CRC32();
    crc.update(out.duplicate().flip());
    out.putInt((int) crc.getValue()).putShort((short) 0);
    out.putInt(1).putInt(name.length).put(name).put(body);
    return out.flip();
  }

  private static byte[] message(String[] fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      byte[] text = fields[i].getBytes(StandardCharsets.UTF_8);
      boolean number = fields[i].matches("\\d+");
      out.write((i + 1) << 3 | (number ? 0 : 2));
      varint(out, number ? Long.parseLong(fields[i]) : text.length);
      if (!number) {
        out.writeBytes(text);
      }
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while (left > 127) {
      out.write((int) (left & 127 | 128));
      left >>>= 7;
    }
    out.write((int) left);
  }
}
