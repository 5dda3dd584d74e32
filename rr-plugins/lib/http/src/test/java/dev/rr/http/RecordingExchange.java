package dev.rr.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.testing.worker.RecordingLog;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A transport that remembers what it was told to send. Its loop is the test's thread. */
final class RecordingExchange extends FramedExchange {
  final List<String> sent = new CopyOnWriteArrayList<>();
  final RecordingLog log;
  boolean writable = true;
  int waits;

  /** Whether files go out as regions, and what is to be run when each is sent. */
  boolean takesRegions;

  final Queue<Runnable> regions = new ArrayDeque<>();
  private final TestLoop loop;

  private RecordingExchange(String method, HttpHeaders headers, long announced, TestLoop loop) {
    super(
        loop,
        new RequestHead(method, "/t", "HTTP/9.0", "http", "h", headers),
        new InetSocketAddress("127.0.0.1", 1),
        announced);
    this.loop = loop;
    this.log = loop.records;
  }

  static RecordingExchange of(String method, HttpHeaders headers, long announced) {
    return new RecordingExchange(
        method, headers, announced, new TestLoop(new RecordingLog(), new LinkedBlockingQueue<>()));
  }

  static RecordingExchange get() {
    return of("GET", new HttpHeaders(), -1);
  }

  /** Runs the next task of the loop; gives up after ten seconds. */
  void runNext() throws InterruptedException {
    Runnable task = loop.tasks.poll(10, TimeUnit.SECONDS);
    if (task == null) {
      throw new AssertionError("nothing to run on the loop");
    }
    task.run();
  }

  private record TestLoop(RecordingLog records, LinkedBlockingQueue<Runnable> tasks)
      implements ExchangeLoop {
    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public Log log() {
      return records;
    }
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(@Nullable ByteBuffer bytes) {
    return bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes).toString();
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders fields, long length, @Nullable ByteBuffer body, boolean end) {
    String names = fields.toString().strip().replace('\n', ' ');
    sent.add(code + " " + length + " [" + names + "] " + text(body) + (end ? " end" : ""));
  }

  @Override
  protected void sendInterim(int code, HttpHeaders fields) {
    sent.add("interim " + code);
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    sent.add(text(bytes));
  }

  @Override
  protected void sendEnd(HttpHeaders trailers) {
    sent.add("end " + trailers.toString().strip());
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long length, Runnable after) {
    if (!takesRegions) {
      return false;
    }
    sent.add("region " + offset + "+" + length);
    regions.add(after);
    return true;
  }

  @Override
  protected void push() {}

  @Override
  protected void cut() {
    sent.add("cut");
  }

  @Override
  protected void answered() {}

  @Override
  protected boolean transportWritable() {
    return writable;
  }

  @Override
  protected void waits(int bytes) {
    waits = bytes;
  }
}
