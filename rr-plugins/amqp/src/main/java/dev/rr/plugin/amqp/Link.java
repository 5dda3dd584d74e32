package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Reconnector;
import dev.rr.plugin.amqp.Connector.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Outage outage;
  private final Reconnector<S> reconnector;
  private volatile @Nullable Wire wire;
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile boolean begun;
  private long openedAt = System.nanoTime() - FLAPPING.toNanos();

  /** Channels on one connection. */
  interface Session {
    /** The one whose end is theirs. */
    Channel main();

    /** They are those that everybody gets from now on. */
    default void current() {}

    /** Closes them; the connection may stay. Does not wait for the broker. */
    void abandon();
  }

  /** Opens channels. */
  interface Opening<S> {
    /** Closes what it has opened when it fails. */
    S open(Connection connection) throws IOException, TimeoutException;
  }

  /**
   * One that has not dialed.
   *
   * @param name of the pipeline, and what the connection is for
   */
  Link(String pipeline, String purpose, Connector connector, Opening<S> opening, Outage outage) {
    this.name = pipeline + " " + purpose;
    this.connector = connector;
    this.opening = opening;
    this.outage = outage;
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
      isAway(cause);
    }
    reconnector.lost(session);
    session.abandon();
  }

  private void isAway(String cause) {
    if (away.compareAndSet(false, true)) {
      outage.begins(cause);
    }
  }

  @Override
  public S dial() throws IOException, InterruptedException {
    long young = FLAPPING.toNanos() - (System.nanoTime() - openedAt);
    if (young > 0) {
      Thread.sleep(Duration.ofNanos(young));
    }
    try {
      S session = opening.open(connection());
      openedAt = System.nanoTime();
      begun = true;
      if (away.compareAndSet(true, false)) {
        outage.ends();
      }
      return session;
    } catch (IOException | TimeoutException | RuntimeException e) {
      drop();
      outage.goesOn(AmqpFaults.text(e));
      throw AmqpFaults.told(e);
    }
  }

  private Connection connection() throws IOException {
    Wire kept = wire;
    if (kept == null || !kept.isOpen()) {
      kept = connector.connect(name);
      wire = kept;
    }
    return kept.connection();
  }

  private void drop() throws InterruptedException {
    Wire kept = wire;
    wire = null;
    if (kept != null) {
      kept.close(Deadline.after(Duration.ofSeconds(1)));
    }
  }

  @Override
  public void connected(S session) {
    session
        .main()
        .addShutdownListener(cause -> {
          if (!cause.isInitiatedByApplication()) {
            lost(session, cause);
          }
        });
    session.current();
  }

  @Override
  public void discard(S session) {
    session.abandon();
  }

  @Override
  public void down(IOException cause) {
    // Whoever opens the pipeline is told of its first attempt.
    if (begun) {
      isAway(AmqpFaults.text(cause));
    }
  }

  @Override
  public void up() {
    // Told as soon as the channels were open.
  }

  /** Closes the connection. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    var unused = reconnector.close(deadline.remaining());
    Wire kept = wire;
    wire = null;
    if (kept != null) {
      kept.close(deadline.within(Duration.ofSeconds(5)));
    }
  }
}
