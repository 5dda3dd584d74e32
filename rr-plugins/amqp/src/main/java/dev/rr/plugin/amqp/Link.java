package dev.rr.plugin.amqp;

import com.rabbitmq.client.ShutdownSignalException;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Outages;
import dev.rr.net.Reconnector;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection, with the channels on it that its user needs. When a channel alone has ended
 * they are opened anew on the connection that is there, since an exclusive queue goes with its
 * connection; else the connection is made anew too. Any thread.
 *
 * @param <S> the channels, and what is known of them
 */
final class Link<S extends Link.Session> implements Reconnector.Peer<S> {
  private static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(500), Duration.ofSeconds(15));

  /** Channels that end sooner than this are not opened again at once. */
  private static final Duration FLAPPING = Duration.ofSeconds(1);

  private final String name;
  private final Connector connector;
  private final Opening<S> opening;
  private final Outages outages;
  private final Reconnector<S> reconnector;
  private final AtomicReference<@Nullable Wire> wire = new AtomicReference<>();
  private final AtomicBoolean away = new AtomicBoolean();
  private long openedAt = System.nanoTime() - FLAPPING.toNanos();

  /** Channels on one connection. */
  interface Session {
    Channels channels();

    /** They are those that everybody gets from now on. */
    default void current() {}
  }

  /** Opens channels. */
  interface Opening<S> {
    /** Closes what it has opened when it fails. */
    S open(Wire wire) throws IOException;
  }

  /**
   * One that has not dialed.
   *
   * @param name of the pipeline, and what the connection is for
   */
  Link(String pipeline, String purpose, Connector connector, Opening<S> opening, Outages outages) {
    this.name = pipeline + " " + purpose;
    this.connector = connector;
    this.opening = opening;
    this.outages = outages;
    this.reconnector =
        new Reconnector<>(
            connector.address().toString(), "rr-amqp-" + pipeline + "-dial", PAUSES, this);
  }

  @Nullable S current() {
    return reconnector.current();
  }

  /**
   * The channels, or those of the next attempt.
   *
   * @throws IOException for the user
   */
  S get(Deadline deadline) throws IOException, InterruptedException {
    return reconnector.get(deadline.remaining());
  }

  private void lost(S session, ShutdownSignalException cause) {
    lost(session, AmqpFaults.text(cause));
  }

  /** Its channels are of no more use. */
  void lost(S session, String cause) {
    if (reconnector.current() == session) {
      down(new IOException(cause));
    }
    reconnector.lost(session);
    session.channels().abandon();
  }

  @Override
  public S dial() throws IOException, InterruptedException {
    long young = FLAPPING.toNanos() - (System.nanoTime() - openedAt);
    if (young > 0) {
      Thread.sleep(Duration.ofNanos(young));
    }
    try {
      S session = opening.open(connected());
      openedAt = System.nanoTime();
      if (away.compareAndSet(true, false)) {
        outages.up();
      }
      return session;
    } catch (IOException | RuntimeException e) {
      drop(Deadline.after(Duration.ofSeconds(1)));
      IOException told = AmqpFaults.told(e);
      outages.stillDown(told);
      throw told;
    }
  }

  private Wire connected() throws IOException {
    Wire kept = wire.get();
    if (kept == null || !kept.isOpen()) {
      kept = connector.connect(name);
      wire.set(kept);
    }
    return kept;
  }

  private void drop(Deadline deadline) throws InterruptedException {
    Wire kept = wire.getAndSet(null);
    if (kept != null) {
      kept.close(deadline);
    }
  }

  @Override
  public void connected(S session) {
    session
        .channels()
        .jobs()
        .addShutdownListener(cause -> {
          if (!cause.isInitiatedByApplication()) {
            lost(session, cause);
          }
        });
    session.current();
  }

  /** It came after the link was closed, and so did its connection. */
  @Override
  public void discard(S session) {
    var unused = Thread.ofVirtual().name("rr-amqp-close").start(this::dropLate);
  }

  private void dropLate() {
    try {
      drop(Deadline.after(Duration.ofSeconds(1)));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody knows this thread", e);
    }
  }

  @Override
  public void down(IOException cause) {
    if (away.compareAndSet(false, true)) {
      outages.down(cause);
    }
  }

  @Override
  public void up() {
    // Told as soon as the channels were open.
  }

  /** Closes the connection. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    var unused = reconnector.close(deadline.remaining());
    drop(deadline.within(Duration.ofSeconds(5)));
  }
}
