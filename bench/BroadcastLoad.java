import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Opens WebSocket clients, of which some join a topic, and publishes to it over RPC. Arguments: the
 * ports of http and RPC, idle clients, subscribers, bytes of a payload, messages that may be under
 * way, seconds. Prints {@code ready} once all are there and waits for a line; then the messages
 * delivered per second, and the median and 99th percentile of their delay in microseconds.
 */
final class BroadcastLoad {
  private static final int HEADER = 12 + 8; // with two options
  private static final byte[] MARK = "payload\":\"".getBytes(ISO_8859_1);

  private final int httpPort;
  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
  private long[] delays = new long[1 << 20];
  private int count;
  private long delivered;

  private BroadcastLoad(int httpPort) throws IOException {
    this.httpPort = httpPort;
    this.selector = Selector.open();
  }

  public static void main(String[] a) throws Exception {
    BroadcastLoad load = new BroadcastLoad(Integer.parseInt(a[0]));
    int subscribers = Integer.parseInt(a[3]);
    for (int i = 0; i < Integer.parseInt(a[2]); i++) {
      load.connect(false);
    }
    for (int i = 0; i < subscribers; i++) {
      load.connect(true);
    }
    System.out.println("ready");
    var unused = System.in.read();
    load.run(
        Integer.parseInt(a[1]),
        subscribers,
        Integer.parseInt(a[4]),
        Integer.parseInt(a[5]),
        Integer.parseInt(a[6]));
  }

  /** What of a frame has come. */
  private static final class Client {
    final ByteArrayOutputStream part = new ByteArrayOutputStream();
  }

  private void connect(boolean joins) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", httpPort));
    Socket socket = channel.socket();
    socket
        .getOutputStream()
        .write(
            ("GET /ws HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Connection: Upgrade\r\n"
                    + "Upgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(ISO_8859_1));
    DataInputStream answer = new DataInputStream(socket.getInputStream());
    String head = head(answer);
    if (!head.startsWith("HTTP/1.1 101")) {
      throw new IOException(head);
    }
    if (joins) {
      byte[] join = "{\"command\":\"join\",\"topics\":[\"bench\"]}".getBytes(ISO_8859_1);
      byte[] frame = new byte[6 + join.length];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) (0x80 | join.length);
      // A mask of zeros leaves the bytes as they are.
      System.arraycopy(join, 0, frame, 6, join.length);
      socket.getOutputStream().write(frame);
      answer.skipNBytes(1);
      answer.skipNBytes(answer.read());
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Client());
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("closed behind: " + head);
      }
      head.append((char) c);
    }
    return head.toString();
  }

  private void run(int rpcPort, int subscribers, int bytes, int ahead, int seconds)
      throws IOException {
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    long published = 0;
    try (Socket rpc = new Socket("127.0.0.1", rpcPort)) {
      rpc.setTcpNoDelay(true);
      DataInputStream answers = new DataInputStream(rpc.getInputStream());
      while (System.nanoTime() < end || delivered < published * subscribers) {
        // Only so many are under way: what is measured is the way, not a queue.
        while (System.nanoTime() < end && published - delivered / subscribers < ahead) {
          rpc.getOutputStream().write(publication(++published, bytes));
          answer(answers);
        }
        selector.select(10);
        for (SelectionKey key : selector.selectedKeys()) {
          read(key);
        }
        selector.selectedKeys().clear();
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;
    long[] sorted = Arrays.copyOf(delays, count);
    Arrays.sort(sorted);
    System.out.printf(
        "%.0f %.0f %.0f %d%n",
        delivered / took, sorted[count / 2] / 1e3, sorted[(int) (count * 0.99)] / 1e3, delivered);
  }

  private void read(SelectionKey key) throws IOException {
    in.clear();
    if (((SocketChannel) key.channel()).read(in) < 0) {
      throw new IOException("the server has closed a client");
    }
    in.flip();
    Client client = (Client) key.attachment();
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    client.part.writeBytes(bytes);
    frames(client);
  }

  /** Takes whole frames away. */
  private void frames(Client client) {
    byte[] all = client.part.toByteArray();
    int at = 0;
    while (all.length - at >= 4) {
      int length = all[at + 1] & 0x7f;
      int head = 2;
      if (length == 126) {
        length = (all[at + 2] & 0xff) << 8 | all[at + 3] & 0xff;
        head = 4;
      } else if (length == 127) {
        throw new IllegalStateException("payloads have 60,000 bytes at most");
      }
      if (all.length - at < head + length) {
        break;
      }
      // Others are pings.
      if ((all[at] & 0x0f) == 1) {
        delivered(all, at + head);
      }
      at += head + length;
    }
    client.part.reset();
    client.part.write(all, at, all.length - at);
  }

  private void delivered(byte[] frame, int from) {
    int at = from;
    while (!Arrays.equals(frame, at, at + MARK.length, MARK, 0, MARK.length)) {
      at++;
    }
    long sent = 0;
    for (at += MARK.length; frame[at] >= '0' && frame[at] <= '9'; at++) {
      sent = sent * 10 + frame[at] - '0';
    }
    delivered++;
    if (count == delays.length) {
      delays = Arrays.copyOf(delays, count * 2);
    }
    delays[count++] = System.nanoTime() - sent;
  }

  /** broadcast.Publish of the moment to the topic, in protobuf. */
  private static byte[] publication(long number, int bytes) {
    String payload = System.nanoTime() + " ".repeat(Math.max(1, bytes - 20));
    byte[] message =
        concat(field(2, "bench".getBytes(ISO_8859_1)), field(3, payload.getBytes(ISO_8859_1)));
    byte[] body = concat("broadcast.Publish".getBytes(ISO_8859_1), field(1, message));
    ByteBuffer out = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x15).put((byte) 0x80).putInt(body.length);
    CRC32 crc = new CRC32();
    crc.update(out.duplicate().flip());
    out.putInt((int) crc.getValue()).putShort((short) 0);
    out.putInt((int) number).putInt("broadcast.Publish".length()).put(body);
    return out.array();
  }

  private static byte[] field(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    int length = value.length;
    while (length > 127) {
      out.write(length & 127 | 128);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(value);
    return out.toByteArray();
  }

  private static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  private static void answer(DataInputStream in) throws IOException {
    byte[] header = new byte[12];
    in.readFully(header);
    if ((header[1] & 0x40) != 0) {
      throw new IOException("the server answered with an error");
    }
    int options = ((header[0] & 0x0f) - 3) * 4;
    int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(2);
    in.skipNBytes(options + length);
  }
}
