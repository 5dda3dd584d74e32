package dev.rr.plugin.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a consumer: one for what arrives and its outcomes, one for questions, as the
 * broker closes the channel of a question that it does not like. Any thread.
 */
final class ConsumeChannels implements Link.Session {
  private final Connection connection;
  private final Channel jobs;
  private final ChannelTags tags;
  private final PipelineSetup setup;
  private final Arrivals arrivals;
  private final ReentrantLock lock = new ReentrantLock();
  // Both under the lock.
  private boolean consuming;
  private @Nullable Channel questions;

  /** Who takes what arrives. Called on threads of the client; does not wait. */
  interface Arrivals {
    /** A job. */
    void arrived(ConsumeChannels on, long tag, BasicProperties properties, byte[] body);

    /** The broker has ended the consumer: its queue is gone. */
    void cancelled(ConsumeChannels on);

    /** These are the channels from now on. Called on the thread that dials. */
    void current(ConsumeChannels channels);
  }

  private ConsumeChannels(
      Connection connection, Channel jobs, PipelineSetup setup, Arrivals arrivals) {
    this.connection = connection;
    this.jobs = jobs;
    this.tags = new ChannelTags(jobs);
    this.setup = setup;
    this.arrivals = arrivals;
  }

  /** Opens them, and declares what the pipeline needs before it may consume. */
  static ConsumeChannels open(Connection connection, PipelineSetup setup, Arrivals arrivals)
      throws IOException {
    Channel jobs = channel(connection);
    ConsumeChannels made = new ConsumeChannels(connection, jobs, setup, arrivals);
    try {
      made.declare();
      jobs.basicQos(setup.prefetch());
      return made;
    } catch (IOException | RuntimeException e) {
      made.abandon();
      throw e;
    }
  }

  static Channel channel(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(() -> new IOException("the broker allows no further channel"));
  }

  @Override
  public Channel main() {
    return jobs;
  }

  @Override
  public void current() {
    arrivals.current(this);
  }

  /** For outcomes of what arrives. */
  ChannelTags tags() {
    return tags;
  }

  void declare() throws IOException {
    lock.lock();
    try {
      new Topology(setup.exchange(), setup.queue()).declare(questions());
    } finally {
      lock.unlock();
    }
  }

  // Under the lock.
  private Channel questions() throws IOException {
    Channel open = questions;
    if (open == null || !open.isOpen()) {
      open = channel(connection);
      questions = open;
    }
    return open;
  }

  /** Jobs that wait in the queue; one that is gone is declared again. */
  long waiting() throws IOException {
    lock.lock();
    try {
      return questions().messageCount(setup.queue().name());
    } catch (IOException e) {
      if (!AmqpFaults.isNotFound(e)) {
        throw e;
      }
      declare();
      return questions().messageCount(setup.queue().name());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins or ends consuming, if it does otherwise.
   *
   * @param wanted asked when nobody else changes it
   */
  void consume(BooleanSupplier wanted) throws IOException {
    lock.lock();
    try {
      boolean begins = wanted.getAsBoolean();
      if (begins && !consuming) {
        declare();
        var tag =
            jobs.basicConsume(
                setup.queue().name(), false, setup.queue().consumerId(), new Receiver());
        consuming = true;
      } else if (!begins && consuming) {
        consuming = false;
        jobs.basicCancel(setup.queue().consumerId());
      }
    } finally {
      lock.unlock();
    }
  }

  void deleteQueue() throws IOException {
    lock.lock();
    try {
      var deleted = questions().queueDelete(setup.queue().name());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void abandon() {
    // The client tells the end of a closed channel again when it is closed once more.
    if (!jobs.isOpen()) {
      return;
    }
    // Closing one waits for the broker, which the thread that tells of its end must not.
    var unused =
        Thread.ofVirtual()
            .name("rr-amqp-close")
            .start(() -> {
              try {
                jobs.abort();
              } catch (IOException e) {
                // It is closed then.
              }
            });
  }

  private final class Receiver extends DefaultConsumer {
    Receiver() {
      super(jobs);
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, BasicProperties properties, byte[] body) {
      arrivals.arrived(ConsumeChannels.this, envelope.getDeliveryTag(), properties, body);
    }

    @Override
    public void handleCancel(String consumer) {
      arrivals.cancelled(ConsumeChannels.this);
    }
  }
}
