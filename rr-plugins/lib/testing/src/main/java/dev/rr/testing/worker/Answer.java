package dev.rr.testing.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps an answer whole, and notices a worker or pool that ends it twice. */
public class Answer implements Reply {
  private static final long TIMEOUT_SECONDS = 60;

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger ends = new AtomicInteger();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<String> contexts = new ArrayList<>();
  private volatile @Nullable ExecException error;
  private int frames;
  private int codec;
  private boolean last;

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer bytes, long remaining, boolean last) {
    synchronized (this) {
      this.codec = codec;
      this.last = last;
      frames++;
      contexts.add(UTF_8.decode(context).toString());
      append(bytes);
    }
    boolean wanted = wants(frames);
    if (last && remaining == 0) {
      ended();
    }
    return wanted;
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    synchronized (this) {
      append(chunk);
    }
    if (last && remaining == 0) {
      ended();
    }
    return true;
  }

  @Override
  public void failed(ExecException error) {
    this.error = error;
    ended();
  }

  /** Whether to be sent more after so many frames. */
  protected boolean wants(int frames) {
    return true;
  }

  /** Waits for the end and returns the body. Throws the failure if there was one. */
  public String text() {
    return new String(bytes(), UTF_8);
  }

  /** As {@link #text}. */
  public byte[] bytes() {
    ExecException failure = await();
    if (failure != null) {
      throw failure;
    }
    synchronized (this) {
      return body.toByteArray();
    }
  }

  /** Waits for the end and returns the failure. */
  public ExecException failure() {
    ExecException failure = await();
    if (failure == null) {
      throw new AssertionError("answered: " + text());
    }
    return failure;
  }

  /** Waits for the end; null when it was an answer. */
  public @Nullable ExecException await() {
    try {
      if (!end.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("no end of the answer after " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return error;
  }

  /** Whether it has ended. */
  public boolean isOver() {
    return end.getCount() == 0;
  }

  /** How often it was ended; more than 1 is a fault. */
  public int ends() {
    return ends.get();
  }

  /** Frames so far. */
  public synchronized int frames() {
    return frames;
  }

  /** The flags of the newest frame. */
  public synchronized int codec() {
    return codec;
  }

  /** The contexts of the frames so far. */
  public synchronized List<String> contexts() {
    return List.copyOf(contexts);
  }

  private void append(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
  }

  private void ended() {
    ends.incrementAndGet();
    end.countDown();
  }
}
