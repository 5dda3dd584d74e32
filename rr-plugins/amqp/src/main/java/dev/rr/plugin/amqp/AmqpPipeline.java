package dev.rr.plugin.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.jobs.RefusedException;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Outages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A pipeline in RabbitMQ. */
final class AmqpPipeline implements Pipeline, Outcomes {
  static final String DRIVER = "amqp";

  /** For a copy of a job that comes again; its worker waits no longer. */
  private static final Duration REQUEUE = Duration.ofSeconds(30);

  private static final Duration OPEN = Duration.ofSeconds(30);

  /** Between looks for a connection that a push waits for. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final PipelineSpec spec;
  private final PipelineSetup setup;
  private final Log log;
  private final Messages messages;
  private final Outages outages;
  private final Consumer consumer;
  private final Publisher publisher;
  private final DelayedJobs delayed = new DelayedJobs();
  private volatile boolean stopped;

  private AmqpPipeline(
      PipelineSpec spec, PipelineSetup setup, JobSink sink, Connector connector, Log log) {
    this.spec = spec;
    this.setup = setup;
    this.messages = new Messages(spec.name(), log);
    this.log = log;
    this.outages =
        new Outages(
            this::away, new Outages.Reminder(setup.redialTimeout(), this::stillAway), this::back);
    this.consumer = new Consumer(spec.name(), setup, sink, messages, connector, outages, this);
    this.publisher =
        new Publisher(
            spec.name(),
            new Topology(setup.exchange(), setup.queue()),
            this::declareAgain,
            connector,
            outages);
  }

  private void away(IOException cause) {
    log.warn(
        "pipeline connection was closed, redialing",
        "pipeline",
        spec.name(),
        "error",
        AmqpFaults.text(cause));
  }

  private void stillAway(IOException cause) {
    log.warn(
        "pipeline connection is still away, redialing goes on",
        "pipeline",
        spec.name(),
        "since",
        setup.redialTimeout().toSeconds() + "s",
        "error",
        AmqpFaults.text(cause));
  }

  private void back() {
    log.info("connection was successfully restored", "pipeline", spec.name());
  }

  /**
   * Opens one: declares what it needs.
   *
   * @throws IOException for the user, with nothing left open
   */
  static AmqpPipeline open(
      PipelineSpec spec, PipelineSetup setup, JobSink sink, Connector connector, Log log)
      throws Exception {
    AmqpPipeline made = new AmqpPipeline(spec, setup, sink, connector, log);
    Deadline deadline = Deadline.after(OPEN);
    try {
      if (setup.queue().isNamed()) {
        var channels = made.consumer.channels(deadline);
      } else {
        var channels = made.publisher.channels(deadline);
      }
      made.outages.expected();
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close(Deadline.after(Duration.ofSeconds(2)), false);
      throw e;
    }
  }

  /**
   * Until it is there, or the broker says that it never will be: one that starts anew may take
   * messages before the other connection is there again, and may lose that once more.
   */
  private void declareAgain(Deadline deadline) throws IOException, InterruptedException {
    Attempts.until(deadline, PAUSE, () -> declareOnce(deadline));
  }

  private void declareOnce(Deadline deadline) throws IOException, InterruptedException {
    try {
      consumer.channels(deadline).declare();
    } catch (IOException | AlreadyClosedException e) {
      throw AmqpFaults.isForGood(e) ? new RefusedException(AmqpFaults.text(e)) : AmqpFaults.told(e);
    }
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
    try {
      List<Outgoing> outgoing = new ArrayList<>(jobs.size());
      for (Job job : jobs) {
        outgoing.add(outgoing(job, "", deadline));
      }
      publisher.publish(outgoing, deadline);
      jobs.forEach(job -> delayed.pushed(job.options().delay()));
    } catch (IOException | OperationException e) {
      throw OperationException.within("amqp_driver_push", e);
    } catch (AlreadyClosedException e) {
      throw OperationException.within("amqp_driver_push", AmqpFaults.told(e));
    }
  }

  private Outgoing outgoing(Job job, String origin, Deadline deadline) throws OperationException {
    String own = Messages.routingKey(job);
    if (own.isEmpty() && !setup.hasKey()) {
      throw OperationException.of("amqp_driver_handle_item", PipelineSetup.NO_KEY);
    }
    checkName("its header " + Messages.ROUTING_KEY, own);
    String key = own.isEmpty() ? setup.queue().routingKey() : own;
    Duration delay = job.options().delay();
    if (delay.compareTo(DelayQueue.LONGEST) > 0) {
      throw OperationException.of(
          "amqp_driver_handle_item",
          "a delay of "
              + delay.toSeconds()
              + " s is too long; at most "
              + DelayQueue.LONGEST.toSeconds());
    }
    DelayQueue wait = delay.isPositive() ? DelayQueue.of(setup, delay, key) : null;
    checkName("the name of the queue in which it waits", wait == null ? "" : wait.name());
    return new Outgoing(
        job.id(),
        wait == null ? setup.exchange().name() : "",
        wait == null ? key : wait.name(),
        wait,
        wait != null || isForOwnQueue(key),
        messages.properties(job, origin),
        job.payload(),
        deadline,
        new CompletableFuture<>());
  }

  private static void checkName(String what, String name) throws OperationException {
    try {
      var unused = PipelineSetup.name(name);
    } catch (IllegalArgumentException e) {
      throw OperationException.of("amqp_driver_handle_item", what + " " + e.getMessage());
    }
  }

  /** Whether the pipeline's own queue has to take it: a push without a taker is a lost job. */
  private boolean isForOwnQueue(String key) {
    return setup.queue().isNamed()
        && (setup.exchange().isFanout() || key.equals(setup.queue().routingKey()));
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) throws Exception {
    checkQueue();
    consumer.resume(deadline);
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    checkQueue();
    consumer.pause(deadline);
  }

  private void checkQueue() {
    if (!setup.queue().isNamed()) {
      throw new IllegalStateException(PipelineSetup.NO_QUEUE);
    }
  }

  @Override
  public PipelineState state(Deadline deadline) throws Exception {
    try {
      return new PipelineState(
          spec.name(),
          DRIVER,
          setup.queue().name(),
          active(deadline),
          delayed.count(),
          0,
          consumer.active(),
          spec.priority(),
          "");
    } catch (IOException | AlreadyClosedException e) {
      throw OperationException.within("amqp_driver_state", AmqpFaults.told(e));
    }
  }

  private long active(Deadline deadline) throws IOException, InterruptedException {
    if (!setup.queue().isNamed()) {
      if (!publisher.isConnected()) {
        throw new IOException("connection is closed, can't get the state");
      }
      return 0;
    }
    ConsumeChannels channels = consumer.channels(deadline);
    return setup.queue().declare() ? channels.waiting() : 0;
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    close(deadline, true);
  }

  @Override
  public void release(Deadline deadline) throws Exception {
    close(deadline, false);
  }

  private void close(Deadline deadline, boolean deletes) throws Exception {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      consumer.stop(deadline, deletes);
    } finally {
      publisher.stop(deadline);
    }
  }

  // ---- out -------------------------------------------------------------------------------------

  @Override
  public String queue() {
    return setup.queue().name();
  }

  @Override
  public boolean multipleAck() {
    return setup.queue().multipleAck();
  }

  @Override
  public boolean requeueOnFail() {
    return setup.queue().requeueOnFail();
  }

  @Override
  public void checkOpen() {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
  }

  @Override
  public void publish(Job copy, String origin) throws Exception {
    Deadline deadline = Deadline.after(REQUEUE);
    publisher.publish(List.of(outgoing(copy, origin, deadline)), deadline);
    delayed.pushed(copy.options().delay());
  }
}
