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
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Pushes jobs over goridge from one thread: each connection has one call in flight. Usage: {@code
 * java JobsLoad.java PORT PIPELINE JOBS BATCH CONNECTIONS PAYLOAD}. BATCH 1 calls jobs.Push, more
 * jobs.PushBatch. Every job has an id of its own. Prints when it began, in seconds of the machine's
 * monotonic clock, the seconds it took, and the microseconds of the median and the slowest
 * hundredth call.
 */
final class JobsLoad {
  private static final int HEADER = 20;
  private static final int ID = 36;

  private final long calls;
  private final long[] micros;
  private long begun;
  private long answered;
  private long ids = System.nanoTime();

  private JobsLoad(long calls) {
    this.calls = calls;
    this.micros = new long[(int) calls];
  }

  private static final class Client {
    private final ByteBuffer in =
        ByteBuffer.allocateDirect(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer request;
    private final int[] idsAt;
    private ByteBuffer out;
    private long sentAt;

    Client(ByteBuffer request, int[] idsAt) {
      this.request = request;
      this.idsAt = idsAt;
    }
  }

  public static void main(String[] args) throws IOException {
    int jobs = Integer.parseInt(args[2]);
    int batch = Integer.parseInt(args[3]);
    int connections = Integer.parseInt(args[4]);
    JobsLoad load = new JobsLoad(jobs / batch);
    try (Selector selector = Selector.open()) {
      long start = System.nanoTime();
      for (int i = 0; i < connections; i++) {
        load.connect(selector, Integer.parseInt(args[0]), args[1], batch, args[5]);
      }
      while (load.answered < load.calls) {
        selector.select(load::ready, 1_000);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Arrays.sort(load.micros);
      System.out.printf(
          "%.4f %.4f %d %d%n",
          start / 1e9,
          seconds,
          load.micros[load.micros.length / 2],
          load.micros[load.micros.length * 99 / 100]);
    }
  }

  private void connect(Selector selector, int port, String pipeline, int batch, String payload)
      throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    byte[] job = job(pipeline, payload);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int[] idsAt = new int[batch];
    String method = batch == 1 ? "jobs.Push" : "jobs.PushBatch";
    for (int i = 0; i < batch; i++) {
      field(body, 1, job);
      idsAt[i] = HEADER + method.length() + body.size() - job.length + idAt(job);
    }
    Client client = new Client(frame(method, body.toByteArray()), idsAt);
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ, client);
    send(key, client);
  }

  private void send(SelectionKey key, Client client) throws IOException {
    if (begun == calls) {
      return;
    }
    begun++;
    for (int at : client.idsAt) {
      String id = String.format("%036x", ids++);
      client.request.put(at, id.getBytes(StandardCharsets.ISO_8859_1));
    }
    client.sentAt = System.nanoTime();
    client.out = client.request.duplicate();
    write(key, client);
  }

  private static void write(SelectionKey key, Client client) throws IOException {
    ((SocketChannel) key.channel()).write(client.out);
    key.interestOps(
        client.out.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  private void ready(SelectionKey key) {
    try {
      Client client = (Client) key.attachment();
      if (key.isWritable()) {
        write(key, client);
      }
      if (key.isReadable()) {
        read(key, client);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(SelectionKey key, Client client) throws IOException {
    if (((SocketChannel) key.channel()).read(client.in) < 0) {
      throw new IOException("the server closed a connection");
    }
    ByteBuffer in = client.in;
    if (in.position() < HEADER || in.position() != HEADER + in.getInt(2)) {
      return;
    }
    if ((in.get(1) & 0x40) != 0) {
      in.flip().position(HEADER);
      throw new IOException("error: " + StandardCharsets.UTF_8.decode(in));
    }
    in.clear();
    micros[(int) answered++] = (System.nanoTime() - client.sentAt) / 1_000;
    send(key, client);
  }

  private static byte[] job(String pipeline, String payload) {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    field(options, 2, pipeline.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream job = new ByteArrayOutputStream();
    field(job, 2, new byte[ID]);
    field(job, 1, "App\\Jobs\\Task".getBytes(StandardCharsets.UTF_8));
    field(job, 3, payload.getBytes(StandardCharsets.UTF_8));
    field(job, 5, options.toByteArray());
    return job.toByteArray();
  }

  /** The id is the first field of a job: a byte for its number, another for its length. */
  private static int idAt(byte[] job) {
    return job[0] == 0x12 ? 2 : -1;
  }

  private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
    out.write(number << 3 | 2);
    long left = bytes.length;
    while (left > 127) {
      out.write((int) (left & 127 | 128));
      left >>>= 7;
    }
    out.write((int) left);
    out.writeBytes(bytes);
  }

  private static ByteBuffer frame(String method, byte[] body) {
    byte[] name = method.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + name.length + body.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x15).put((byte) 0x80).putInt(name.length + body.length);
    CRC32 crc = new CRC32();
    crc.update(out.duplicate().flip());
    out.putInt((int) crc.getValue()).putShort((short) 0);
    out.putInt(1).putInt(name.length).put(name).put(body);
    return out.flip();
  }
}
