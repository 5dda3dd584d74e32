package dev.rr.plugin.nsq;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Outages;
import dev.rr.net.Reconnector;
import dev.rr.net.WatchedPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A pipeline on a topic: one connection publishes, others consume. Any thread. */
final class NsqPipeline implements Pipeline {
  static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(100), Duration.ofSeconds(10));

  private static final String DRIVER = "nsq";

  private final PipelineSpec spec;
  private final TopicConfig topicConfig;
  private final NsqConfig config;
  private final Log log;
  private final Outages outages;
  private final Reconnector<NsqConnection> producers;
  private final Subscription subscription;
  private final ConsumerThread consumer;
  private final AtomicLong delayed = new AtomicLong();
  private volatile boolean stopped;

  /** One that is not connected. */
  NsqPipeline(PipelineSpec spec, TopicConfig topicConfig, NsqConfig config, JobSink sink, Log log) {
    this.spec = spec;
    this.topicConfig = topicConfig;
    this.config = config;
    this.log = log;
    this.outages = new Outages(this::away, this::back);
    this.subscription = new Subscription(this, sink, log);
    this.producers =
        new Reconnector<>(
            "nsqd at " + config.addr(),
            thread("dial"),
            PAUSES,
            new WatchedPeer<>(this::dialProducer, this::lost, outages));
    this.consumer = new ConsumerThread(DRIVER, spec.name(), subscription, sink::lost);
  }

  private NsqConnection dialProducer() throws IOException, InterruptedException {
    return NsqConnection.dial(config.address(), thread("publish"), config, subscription);
  }

  private void lost(NsqConnection producer) {
    producers.lost(producer);
  }

  private void away(IOException cause) {
    log.warn(
        "connection lost, it is tried again",
        "pipeline",
        spec.name(),
        "error",
        String.valueOf(cause.getMessage()));
  }

  private void back() {
    log.info("connected again", "pipeline", spec.name());
  }

  /** Connects to the nsqd that jobs are published to. */
  void open() throws Exception {
    try {
      var unused = producers.get(config.dial().plus(config.read()));
      outages.expected();
    } catch (IOException | InterruptedException e) {
      stop(Deadline.after(config.dial()));
      throw e instanceof IOException ? OperationException.within("new_nsq_consumer", e) : e;
    }
  }

  // ---- in
  // ----------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    Deque<Job> left = new ArrayDeque<>(jobs);
    try {
      Attempts.until(
          deadline,
          PAUSES.first(),
          () -> {
            checkOpen();
            publish(producers.get(deadline.remaining()), left, deadline);
          });
    } catch (IOException e) {
      throw OperationException.within(
          "nsq_driver_push", OperationException.within("nsq_driver_handle_item", e));
    }
  }

  /** Publishes one behind the other without waiting; those that nsqd has are no longer left. */
  private void publish(NsqConnection to, Deque<Job> left, Deadline deadline)
      throws IOException, InterruptedException {
    Deque<CompletableFuture<String>> sent = new ArrayDeque<>();
    try {
      for (Job job : left) {
        sent.add(send(to, job, deadline));
        // Before the answer, as it may be due by then.
        count(job, 1);
      }
      while (!sent.isEmpty()) {
        String unused = to.await(sent.element(), deadline);
        sent.remove();
        left.remove();
      }
    } finally {
      left.stream().limit(sent.size()).forEach(job -> count(job, -1));
    }
  }

  private CompletableFuture<String> send(NsqConnection to, Job job, Deadline deadline)
      throws IOException, InterruptedException {
    byte[] body = TopicMessage.encode(job, spec.name());
    long delay = job.options().delay().toMillis();
    String command = delay > 0 ? "DPUB " + topic() + " " + delay : "PUB " + topic();
    return to.send(command, body, deadline);
  }

  private void count(Job job, int change) {
    if (job.options().delay().isPositive()) {
      long ignored = delayed.updateAndGet(count -> Math.max(0, count + change));
    }
  }

  /** Publishes a changed copy of a job. Answers whether nsqd has it; it is logged when not. */
  boolean publishAgain(Job copy) throws InterruptedException {
    try {
      push(List.of(copy), Deadline.after(config.read()));
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.log(
          Log.Level.ERROR,
          "job comes again without its new headers",
          e,
          "ID",
          copy.id(),
          "pipeline",
          spec.name());
      return false;
    }
  }

  /**
   * A job has come for the first time; those of others, and of the time before, were not counted.
   */
  void isDue(Job job) {
    count(job, -1);
  }

  // ---- its life
  // ----------------------------------------------------------------------------------

  @Override
  public void resume(Deadline deadline) {
    checkOpen();
    consumer.resume();
  }

  @Override
  public void pause(Deadline deadline) throws Exception {
    consumer.pause(deadline);
  }

  @Override
  public PipelineState state(Deadline deadline) {
    return new PipelineState(
        spec.name(), DRIVER, topic(), 0, delayed.get(), 0, consumer.active(), spec.priority(), "");
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stopped = true;
    try {
      consumer.stop(deadline);
    } finally {
      subscription.close(deadline);
      NsqConnection producer = producers.close(deadline.remaining());
      if (producer != null) {
        producer.close();
        producer.join(deadline.remaining());
      }
    }
  }

  void checkOpen() {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
  }

  // ---- what its parts ask
  // ------------------------------------------------------------------------

  String name() {
    return spec.name();
  }

  String topic() {
    return topicConfig.topicOf(spec.name());
  }

  String channel() {
    return topicConfig.channel();
  }

  TopicConfig topicConfig() {
    return topicConfig;
  }

  NsqConfig config() {
    return config;
  }

  Outages outages() {
    return outages;
  }

  String thread(String use) {
    return "rr-nsq-" + spec.name() + "-" + use;
  }
}
