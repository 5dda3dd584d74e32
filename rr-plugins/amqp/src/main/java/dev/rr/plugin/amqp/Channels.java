package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one user of a connection: one for jobs, and one for questions and declarations,
 * as the broker closes the channel of one that it does not like. Any thread.
 */
final class Channels {
  private final Connection connection;
  private final Channel jobs;
  private final ReentrantLock lock = new ReentrantLock();
  // Both under the lock.
  private @Nullable Channel questions;
  private boolean abandoned;

  private Channels(Connection connection, Channel jobs) {
    this.connection = connection;
    this.jobs = jobs;
  }

  static Channels on(Connection connection) throws IOException {
    return new Channels(connection, open(connection));
  }

  private static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(() -> new IOException("the broker allows no further channel"));
  }

  /** The one for jobs, whose end is that of both. */
  Channel jobs() {
    return jobs;
  }

  /** What is asked of the broker, or declared. */
  interface Question {
    void ask(Channel on) throws IOException;
  }

  /** Asks; one after the other. */
  void ask(Question question) throws IOException {
    lock.lock();
    try {
      question.ask(questions());
    } finally {
      lock.unlock();
    }
  }

  // Under the lock.
  private Channel questions() throws IOException {
    if (abandoned) {
      throw new IOException("the channel to the broker has ended");
    }
    Channel open = questions;
    if (open == null || !open.isOpen()) {
      open = open(connection);
      questions = open;
    }
    return open;
  }

  /**
   * Closes both; the connection may stay. Does not wait for the broker, as the thread that tells of
   * the end of a channel must not.
   */
  void abandon() {
    var unused = Thread.ofVirtual().name("rr-amqp-close").start(this::close);
  }

  private void close() {
    close(jobs);
    lock.lock();
    try {
      abandoned = true;
      if (questions != null) {
        close(questions);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void close(Channel channel) {
    try {
      // The client tells the end of a closed channel again when it is closed once more.
      if (channel.isOpen()) {
        channel.abort();
      }
    } catch (IOException e) {
      // It is closed then.
    }
  }
}
