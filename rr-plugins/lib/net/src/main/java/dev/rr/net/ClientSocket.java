package dev.rr.net;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection on which many send at once, and nobody waits for answers to those before:
 * what is sent waits in a queue that is bounded in bytes, and goes out together. Owns two virtual
 * threads from {@link #start} until it ends. Any thread.
 */
public final class ClientSocket implements Closeable {
  /** What may wait to be sent, in bytes; something larger waits alone. */
  private static final int QUEUE = 1 << 20;

  private static final int BUFFER = 1 << 16;

  private final String thread;
  private final SocketChannel channel;
  private final Semaphore room = new Semaphore(QUEUE);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition queued = lock.newCondition();
  // Guarded by the lock.
  private List<byte[]> queue = new ArrayList<>();
  private @Nullable IOException end;
  private List<Thread> threads = List.of();

  /** Who reads from a connection, on its thread. */
  public interface Receiver {
    /**
     * Reads as long as there is something to read. The connection ends when it returns or throws.
     *
     * @throws IOException also says what is wrong with what came
     */
    void receive(DataInputStream in) throws IOException;

    /** It has ended, and nothing is sent or received any more. Called once. */
    void ended(IOException cause);
  }

  private ClientSocket(String thread, SocketChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @param thread what its threads are called
   * @param longest how long this waits; at least a millisecond
   */
  public static ClientSocket dial(String thread, SocketAddress to, Duration longest)
      throws IOException {
    boolean unix = to instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      if (unix) {
        // Without waiting for a place in the listener's backlog.
        channel.configureBlocking(false);
        if (!channel.connect(to)) {
          throw new IOException("the listener is busy");
        }
        channel.configureBlocking(true);
      } else {
        channel.socket().connect((InetSocketAddress) to, (int) Math.max(1, longest.toMillis()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      }
      return new ClientSocket(thread, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Begins to send and to receive; called once. */
  public void start(Receiver receiver) {
    List<Thread> started =
        List.of(
            Thread.ofVirtual().name(thread + "-write").unstarted(this::write),
            Thread.ofVirtual().name(thread + "-read").unstarted(() -> read(receiver)));
    lock.lock();
    try {
      threads = started;
    } finally {
      lock.unlock();
    }
    started.forEach(Thread::start);
  }

  /**
   * Sends a message, once those before it are sent.
   *
   * @param message belongs to the connection from now on
   * @param queued runs when the place among the others is certain, in the order in which they are
   *     sent; must be short
   * @param longest how long this waits for others to be sent
   * @throws IOException when the connection has ended, or nothing could be sent for so long
   */
  public void send(byte[] message, Runnable queued, Duration longest)
      throws IOException, InterruptedException {
    int size = Math.min(message.length, QUEUE);
    if (!room.tryAcquire(size, longest.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException("the other side takes nothing");
    }
    lock.lock();
    try {
      if (end != null) {
        throw new IOException(end.getMessage(), end);
      }
      queued.run();
      queue.add(message);
      this.queued.signal();
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      for (List<byte[]> next = next(); !next.isEmpty(); next = next()) {
        ByteBuffer[] buffers = next.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
        int first = 0;
        while (first < buffers.length) {
          long written = channel.write(buffers, first, buffers.length - first);
          while (first < buffers.length && !buffers[first].hasRemaining()) {
            room.release(Math.min(buffers[first].capacity(), QUEUE));
            first++;
          }
          assert written >= 0;
        }
      }
    } catch (IOException e) {
      close(e);
    }
  }

  /** What waits; empty once the connection has ended. */
  private List<byte[]> next() {
    lock.lock();
    try {
      while (queue.isEmpty() && end == null) {
        queued.awaitUninterruptibly();
      }
      List<byte[]> next = end == null ? queue : List.of();
      queue = new ArrayList<>();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void read(Receiver receiver) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER))) {
      receiver.receive(in);
      close(new IOException("the other side has closed the connection"));
    } catch (IOException | RuntimeException e) {
      close(e instanceof IOException io ? io : new IOException(e.toString(), e));
    }
    receiver.ended(close(new IOException("closed")));
  }

  /** Waits until its threads have ended, which they do once it was closed. */
  public void join(Duration longest) throws InterruptedException {
    List<Thread> ending;
    lock.lock();
    try {
      ending = threads;
    } finally {
      lock.unlock();
    }
    long end = System.nanoTime() + longest.toNanos();
    for (Thread each : ending) {
      boolean unused = each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
  }

  /** Ends it, and waits for nothing. */
  @Override
  public void close() {
    var unused = close(new IOException("the connection was closed"));
  }

  /**
   * As {@link #close()}, with what those hear who wait.
   *
   * @return why it has ended: what the first call said
   */
  public IOException close(IOException cause) {
    IOException first;
    lock.lock();
    try {
      first = end == null ? cause : end;
      end = first;
      queued.signalAll();
    } finally {
      lock.unlock();
    }
    if (first == cause) {
      try {
        channel.close();
      } catch (IOException e) {
        first.addSuppressed(e);
      }
      // Whoever waits for room learns that there is no connection.
      room.release(QUEUE);
    }
    return first;
  }
}
