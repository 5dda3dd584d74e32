package dev.rr.plugin.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The channels of a consumer: one for what arrives and its outcomes, one for declarations. Any
 * thread.
 */
final class ConsumeChannels implements Link.Session {
  private final Channels channels;
  private final ChannelTags tags;
  private final PipelineSetup setup;
  private final Arrivals arrivals;
  private final ReentrantLock lock = new ReentrantLock();
  // Under the lock.
  private boolean consuming;

  /** Who takes what arrives. Called on threads of the client; does not wait. */
  interface Arrivals {
    /** A job. */
    void arrived(ConsumeChannels on, long tag, BasicProperties properties, byte[] body);

    /** The broker has ended the consumer: its queue is gone. */
    void cancelled(ConsumeChannels on);

    /** These are the channels from now on. Called on the thread that dials. */
    void current(ConsumeChannels channels);
  }

  private ConsumeChannels(Channels channels, PipelineSetup setup, Arrivals arrivals) {
    this.channels = channels;
    this.tags = new ChannelTags(channels.jobs());
    this.setup = setup;
    this.arrivals = arrivals;
  }

  /** Opens them, and declares what the pipeline needs before it may consume. */
  static ConsumeChannels open(Connection connection, PipelineSetup setup, Arrivals arrivals)
      throws IOException {
    Channels channels = Channels.on(connection);
    try {
      ConsumeChannels made = new ConsumeChannels(channels, setup, arrivals);
      made.declare();
      channels.jobs().basicQos(setup.prefetch());
      return made;
    } catch (IOException | RuntimeException e) {
      channels.abandon();
      throw e;
    }
  }

  @Override
  public Channels channels() {
    return channels;
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
    channels.ask(new Topology(setup.exchange(), setup.queue())::declare);
  }

  /** Jobs that wait in the queue; one that is gone is declared again. */
  long waiting() throws IOException {
    try {
      return count();
    } catch (IOException e) {
      if (!AmqpFaults.isNotFound(e)) {
        throw e;
      }
      declare();
      return count();
    }
  }

  private long count() throws IOException {
    AtomicLong count = new AtomicLong();
    channels.ask(on -> count.set(on.messageCount(setup.queue().name())));
    return count.get();
  }

  /**
   * Begins or ends consuming, if it does otherwise.
   *
   * @param wanted asked when nobody else changes it
   */
  void consume(BooleanSupplier wanted) throws IOException {
    lock.lock();
    try {
      Channel jobs = channels.jobs();
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
    channels.ask(on -> {
      var deleted = on.queueDelete(setup.queue().name());
    });
  }

  private final class Receiver extends DefaultConsumer {
    Receiver() {
      super(channels.jobs());
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
