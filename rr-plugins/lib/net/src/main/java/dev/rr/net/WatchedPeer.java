package dev.rr.net;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A peer of a {@link Reconnector} whose connections tell of their end, and whose outages are told.
 * Any thread.
 *
 * @param dialer makes connections
 * @param made runs once there is one
 * @param lost is told of each that ends, so that the reconnector is
 * @param outages of this peer
 * @param <C> a connection
 */
public record WatchedPeer<C extends WatchedPeer.Connection>(
    Dialer<C> dialer, Runnable made, Consumer<C> lost, Outages outages)
    implements Reconnector.Peer<C> {
  /** A peer of whose connections nobody else wants to know. */
  public WatchedPeer(Dialer<C> dialer, Consumer<C> lost, Outages outages) {
    this(dialer, () -> {}, lost, outages);
  }

  /** A connection. Any thread. */
  public interface Connection {
    /** Has {@code then} run when it ends, or at once; on a thread that it must not block. */
    void onEnd(Runnable then);

    /** Ends it, and waits for nothing. */
    void close();

    /** Waits until it has ended, after it was closed; no longer than this. */
    void join(Duration longest) throws InterruptedException;
  }

  /**
   * Makes connections.
   *
   * @param <C> a connection
   */
  @FunctionalInterface
  public interface Dialer<C> {
    /** As {@link Reconnector.Peer#dial}. */
    C dial() throws IOException, InterruptedException;
  }

  @Override
  public C dial() throws IOException, InterruptedException {
    return dialer.dial();
  }

  @Override
  public void connected(C connection) {
    connection.onEnd(() -> lost.accept(connection));
    made.run();
  }

  @Override
  public void discard(C connection) {
    connection.close();
  }

  @Override
  public void down(IOException cause) {
    outages.down(cause);
  }

  @Override
  public void up() {
    outages.up();
  }
}
