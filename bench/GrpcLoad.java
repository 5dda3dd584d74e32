import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Unary calls of gRPC from one thread: each connection has one call in flight. Usage: {@code java
 * GrpcLoad.java PORT METHOD BYTES CONNECTIONS SECONDS SERVER_PID}. Prints calls per second, the
 * server's CPU microseconds per call, and the microseconds that 99 of a hundred calls take at most.
 * The first seconds warm up and are not counted. HTTP/2 by hand, so that little of the machine goes
 * into it.
 */
final class GrpcLoad {
  private static final double WARM_UP_SECONDS = 2;
  private static final int HEAD = 9;
  private static final int MAX_FRAME = 16_384;
  private static final int DEFAULT_WINDOW = 65_535;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;

  private final Latencies latencies = new Latencies();
  private final byte[] head;
  private final byte[] message;
  private final ServerCpu cpu;

  private GrpcLoad(String method, int bytes, String pid) {
    this.head = head(method);
    this.message = new byte[5 + bytes];
    ByteBuffer.wrap(message).put((byte) 0).putInt(bytes);
    Arrays.fill(message, 5, message.length, (byte) 'x');
    this.cpu = new ServerCpu(pid);
  }

  /** A request's head without HPACK's tables. */
  private static byte[] head(String method) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] fields = {
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      method,
      ":authority",
      "127.0.0.1",
      "te",
      "trailers",
      "content-type",
      "application/grpc",
      "user-agent",
      "load"
    };
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        out.write(0);
      }
      out.write(fields[i].length());
      out.writeBytes(fields[i].getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }

  /** A connection and its call. */
  private final class Client {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(256 * 1024);
    private final ByteBuffer out;
    private long connectionWindow = DEFAULT_WINDOW;
    private long initialWindow = DEFAULT_WINDOW;
    private long streamWindow;
    private int stream = -1;
    private int sent;
    private long sentAt;

    Client(SocketChannel channel) {
      this.channel = channel;
      this.out = ByteBuffer.allocate(message.length + 64 * 1024);
    }

    void begin() throws IOException {
      out.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // The largest windows: what comes is never waited for.
      frame(SETTINGS, 0, 0, 6).putShort((short) 4).putInt(Integer.MAX_VALUE);
      frame(WINDOW_UPDATE, 0, 0, 4).putInt(Integer.MAX_VALUE - DEFAULT_WINDOW);
      next();
    }

    private ByteBuffer frame(int type, int flags, int on, int length) {
      return out.put((byte) (length >> 16))
          .putShort((short) length)
          .put((byte) type)
          .put((byte) flags)
          .putInt(on);
    }

    private void next() throws IOException {
      stream += 2;
      sent = 0;
      streamWindow = initialWindow;
      sentAt = System.nanoTime();
      frame(HEADERS, 4, stream, head.length).put(head);
      more();
    }

    /** Sends as much of the message as the server takes. */
    private void more() throws IOException {
      while (sent < message.length) {
        int length =
            (int)
                Math.min(
                    Math.min(MAX_FRAME, message.length - sent),
                    Math.min(connectionWindow, streamWindow));
        if (length <= 0) {
          break;
        }
        boolean last = sent + length == message.length;
        frame(DATA, last ? 1 : 0, stream, length).put(message, sent, length);
        sent += length;
        connectionWindow -= length;
        streamWindow -= length;
      }
      flush();
    }

    private void flush() throws IOException {
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      out.clear();
    }

    void read() throws IOException {
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      in.flip();
      while (in.remaining() >= HEAD) {
        int at = in.position();
        int length = (in.get(at) & 0xff) << 16 | in.getShort(at + 1) & 0xffff;
        if (in.remaining() < HEAD + length) {
          break;
        }
        in.position(at + HEAD + length);
        frame(in.get(at + 3), in.get(at + 4), in.getInt(at + 5), at + HEAD, length);
      }
      in.compact();
    }

    private void frame(int type, int flags, int on, int at, int length) throws IOException {
      switch (type) {
        case HEADERS, DATA -> {
          if (type == DATA && length > 0) {
            frame(WINDOW_UPDATE, 0, 0, 4).putInt(length);
          }
          if ((flags & 1) != 0) {
            ended(type == HEADERS);
          }
        }
        case SETTINGS -> {
          for (int i = at; (flags & 1) == 0 && i < at + length; i += 6) {
            if (in.getShort(i) == 4) {
              streamWindow += in.getInt(i + 2) - initialWindow;
              initialWindow = in.getInt(i + 2);
            }
          }
          if ((flags & 1) == 0) {
            frame(SETTINGS, 1, 0, 0);
            more();
          }
        }
        case PING -> {
          if ((flags & 1) == 0) {
            frame(PING, 1, 0, 8).putLong(in.getLong(at));
            flush();
          }
        }
        case WINDOW_UPDATE -> {
          if (on == 0) {
            connectionWindow += in.getInt(at);
          } else if (on == stream) {
            streamWindow += in.getInt(at);
          }
          more();
        }
        case RST_STREAM, GOAWAY -> throw new IOException("the server ended a call");
        default -> {}
      }
    }

    private void ended(boolean trailers) throws IOException {
      if (!trailers || sent < message.length) {
        throw new IOException("an answer without its end");
      }
      latencies.add(sentAt);
      next();
    }
  }

  public static void main(String[] args) throws IOException {
    GrpcLoad load = new GrpcLoad(args[1], Integer.parseInt(args[2]), args[5]);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        load.connect(selector, Integer.parseInt(args[0]));
      }
      load.run(selector, WARM_UP_SECONDS);
      load.latencies.clear();
      double cpu = load.cpu.seconds();
      double seconds = load.run(selector, Double.parseDouble(args[4]));
      long answers = load.latencies.answers();
      double perCall = (load.cpu.seconds() - cpu) * 1e6 / answers;
      int p99 = load.latencies.percentile(99);
      System.out.printf("%.0f %.2f %d%n", answers / seconds, perCall, p99);
    }
  }

  private void connect(Selector selector, int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Client client = new Client(channel);
    channel.register(selector, SelectionKey.OP_READ, client);
    client.begin();
  }

  private double run(Selector selector, double seconds) throws IOException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      selector.select(
          key -> {
            try {
              ((Client) key.attachment()).read();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          1_000);
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
