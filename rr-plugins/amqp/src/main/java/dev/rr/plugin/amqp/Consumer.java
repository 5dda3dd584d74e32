package dev.rr.plugin.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Outages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Hands over what arrives in the queue. What the client calls back only notes a job; the pipeline's
 * own thread waits for room, and what it has not handed over is bounded by the prefetch. Any
 * thread.
 */
final class Consumer implements ConsumeChannels.Arrivals {
  private final PipelineSetup setup;
  private final JobSink sink;
  private final Messages messages;
  private final Link<ConsumeChannels> link;
  private final Outcomes outcomes;
  private final ConsumerThread feeder;
  private final LinkedBlockingQueue<AmqpDelivery> waiting = new LinkedBlockingQueue<>();
  private volatile boolean wanted;

  Consumer(
      String pipeline,
      PipelineSetup setup,
      JobSink sink,
      Messages messages,
      Connector connector,
      Outages outages,
      Outcomes outcomes) {
    this.setup = setup;
    this.sink = sink;
    this.messages = messages;
    this.outcomes = outcomes;
    this.link = new Link<>(pipeline, "jobs", connector, this::open, outages);
    this.feeder = new ConsumerThread(AmqpPipeline.DRIVER, pipeline, this::feed, sink::lost);
  }

  private ConsumeChannels open(Wire wire) throws IOException {
    ConsumeChannels made = ConsumeChannels.open(wire.connection(), setup, this);
    try {
      made.consume(() -> wanted);
    } catch (IOException | RuntimeException e) {
      made.channels().abandon();
      throw e;
    }
    return made;
  }

  /** The channels, once the pipeline's queue is there. */
  ConsumeChannels channels(Deadline deadline) throws IOException, InterruptedException {
    return link.get(deadline);
  }

  boolean active() {
    return feeder.active();
  }

  void resume(Deadline deadline) throws Exception {
    feeder.resume();
    wanted = true;
    try {
      link.get(deadline).consume(() -> wanted);
    } catch (Exception e) {
      wanted = false;
      try {
        feeder.stop(deadline);
      } finally {
        end();
      }
      throw e instanceof IOException || e instanceof AlreadyClosedException
          ? AmqpFaults.told(e)
          : e;
    }
  }

  void pause(Deadline deadline) throws Exception {
    feeder.pause(deadline);
    end();
  }

  private void end() {
    wanted = false;
    ConsumeChannels channels = link.current();
    if (channels != null) {
      current(channels);
    }
    giveBack();
  }

  /** Also told by the link, as whoever pauses while it dials finds no channels to tell. */
  @Override
  public void current(ConsumeChannels channels) {
    try {
      channels.consume(() -> wanted);
    } catch (IOException | RuntimeException e) {
      // It has ended with its channel then.
      messages
          .log()
          .debug("consumer cancel", "pipeline", messages.pipeline(), "error", AmqpFaults.text(e));
    }
  }

  private void giveBack() {
    List<AmqpDelivery> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(AmqpDelivery::giveBack);
  }

  private void feed() throws InterruptedException {
    while (true) {
      AmqpDelivery next = waiting.take();
      if (next.stale()) {
        continue;
      }
      try {
        sink.add(next);
      } catch (InterruptedException e) {
        next.giveBack();
        throw e;
      }
    }
  }

  @Override
  public void arrived(ConsumeChannels on, long tag, BasicProperties properties, byte[] body) {
    waiting.add(new AmqpDelivery(on.tags(), tag, messages.received(properties, body), outcomes));
    if (!wanted) {
      giveBack();
    }
  }

  @Override
  public void cancelled(ConsumeChannels on) {
    link.lost(on, "the queue " + setup.queue().name() + " was deleted");
  }

  /**
   * Ends for good, and closes the connection: the broker takes back what has no outcome.
   *
   * @param deletes whether the queue is deleted where it says so
   */
  void stop(Deadline deadline, boolean deletes) throws Exception {
    try {
      feeder.stop(deadline);
      end();
      ConsumeChannels channels = link.current();
      if (deletes && setup.queue().deleteOnStop() && channels != null) {
        channels.deleteQueue();
      }
    } catch (IOException | RuntimeException e) {
      messages
          .log()
          .error("queue delete", "pipeline", messages.pipeline(), "error", AmqpFaults.text(e));
    } finally {
      link.close(deadline);
    }
  }
}
