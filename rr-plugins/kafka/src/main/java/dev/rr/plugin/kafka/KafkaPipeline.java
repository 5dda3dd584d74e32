package dev.rr.plugin.kafka;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineFaults;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A pipeline in Kafka. */
final class KafkaPipeline implements Pipeline, KafkaDelivery.Outcomes {
  static final String DRIVER = "kafka";

  /** For a copy of a job that comes again; its worker waits no longer. */
  private static final Duration REQUEUE = Duration.ofSeconds(30);

  private final PipelineSpec spec;
  private final Clients clients;
  private final PipelineKeys keys;
  private final boolean isManual;
  private final JobSink sink;
  private final Log log;
  private final RecordPublisher publisher;
  private final ReadAhead readAhead = new ReadAhead(this::wakeUp);
  private final ConsumerThread feeder;
  private final ScheduledExecutorService moments;
  private final AtomicBoolean delayTold = new AtomicBoolean();
  private volatile @Nullable Poller poller;
  private volatile boolean stopped;

  private KafkaPipeline(PipelineSpec spec, Clients clients, JobSink sink, Log log) {
    this.spec = spec;
    this.clients = clients;
    this.keys = clients.keys();
    this.isManual = keys.producerOptions().orElse(ProducerKeys.DEFAULT).isManual();
    this.sink = sink;
    this.log = log;
    this.publisher = new RecordPublisher(clients);
    this.feeder = new ConsumerThread(DRIVER, spec.name(), this::feed, sink::lost);
    this.moments =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("rr-kafka-" + spec.name() + "-moments").factory());
  }

  /**
   * Opens one, once a broker has answered.
   *
   * @throws OperationException for the user, with nothing left open
   */
  static KafkaPipeline open(
      PipelineSpec spec, Clients clients, Duration ping, JobSink sink, Log log)
      throws OperationException, InterruptedException {
    try {
      clients.ping(ping);
      return new KafkaPipeline(spec, clients, sink, log);
    } catch (KafkaException e) {
      throw OperationException.of(
          "kafka_ping", "unable to dial: " + clients.brokers() + ": " + KafkaFaults.text(e));
    }
  }

  // ---- in --------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    checkOpen();
    try {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(jobs.size());
      for (Job job : jobs) {
        records.add(record(job));
      }
      publisher.publish(records, deadline);
    } catch (IOException e) {
      throw OperationException.within(
          "kafka_push", OperationException.within("kafka_handle_item", e));
    }
  }

  private ProducerRecord<byte[], byte[]> record(Job job) throws IOException {
    if (job.options().delay().isPositive() && delayTold.compareAndSet(false, true)) {
      log.warn("kafka cannot delay jobs, they are pushed without", "pipeline", spec.name());
    }
    Job.LogPlace place = job.options().log();
    String topic = place.topic().isEmpty() ? keys.onlyTopic().orElse("") : place.topic();
    if (topic.isEmpty()) {
      throw new IOException("the job names no topic, and its pipeline has not exactly one");
    }
    return Records.of(job, topic, isManual ? place.partition() : null, spec.name());
  }

  // ---- on --------------------------------------------------------------------------------------

  private void feed() throws InterruptedException {
    while (true) {
      KafkaDelivery next = readAhead.take();
      try {
        if (!next.stale()) {
          sink.add(next);
        }
      } catch (InterruptedException e) {
        readAhead.putBack(next);
        throw e;
      }
      readAhead.gone(next);
    }
  }

  private void wakeUp() {
    Poller running = poller;
    if (running != null) {
      running.wakeUp();
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  @Override
  public synchronized void resume(Deadline deadline) throws Exception {
    checkOpen();
    feeder.resume();
    try {
      Poller running = poller == null ? poller() : poller;
      if (running != null) {
        running.read(true);
      }
    } catch (KafkaException e) {
      feeder.stop(deadline);
      throw new IOException(KafkaFaults.text(e), e);
    }
  }

  private @Nullable Poller poller() {
    if (keys.consumerOptions().isEmpty()) {
      return null;
    }
    Poller made =
        new Poller(clients, keys.consumerOptions().get(), readAhead, this, log, sink::lost);
    made.start();
    poller = made;
    return made;
  }

  @Override
  public synchronized void pause(Deadline deadline) throws Exception {
    feeder.pause(deadline);
    Poller running = poller;
    if (running != null) {
      running.read(false);
    }
  }

  @Override
  public PipelineState state(Deadline deadline) {
    return new PipelineState(
        spec.name(),
        DRIVER,
        keys.topics(),
        0,
        readAhead.held(),
        0,
        feeder.active(),
        spec.priority(),
        "");
  }

  @Override
  public synchronized void stop(Deadline deadline) throws Exception {
    if (stopped) {
      return;
    }
    stopped = true;
    moments.shutdownNow();
    try {
      feeder.stop(deadline);
      Poller running = poller;
      if (running != null) {
        running.stop(deadline);
      }
    } finally {
      publisher.close(deadline);
    }
  }

  private void checkOpen() {
    if (stopped) {
      throw PipelineFaults.stopped();
    }
  }

  // ---- out -------------------------------------------------------------------------------------

  @Override
  public void finish(KafkaDelivery delivery) throws Exception {
    checkOpen();
    delivery.progress().finish(delivery.record().offset());
  }

  @Override
  public void again(KafkaDelivery delivery) throws Exception {
    checkOpen();
    delivery.progress().checkOwn();
    readAhead.add(delivery.anew());
  }

  @Override
  public void copy(KafkaDelivery delivery, Map<String, List<String>> headers, Duration delay)
      throws Exception {
    checkOpen();
    delivery.progress().checkOwn();
    if (delay.isPositive()) {
      readAhead.hold(delivery);
      var unused =
          moments.schedule(
              () -> copyHeld(delivery, headers), delay.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    try {
      copy(delivery, headers);
    } catch (IOException e) {
      readAhead.add(delivery.anew());
      throw new IOException(e.getMessage() + "; it comes again as it was", e);
    }
  }

  /** Its own thread: the one that knows the moments may not wait. */
  private void copyHeld(KafkaDelivery delivery, Map<String, List<String>> headers) {
    Thread.ofVirtual()
        .name("rr-kafka-" + spec.name() + "-requeue")
        .start(() -> {
          readAhead.release(delivery);
          if (stopped || delivery.progress().isGone()) {
            return;
          }
          try {
            copy(delivery, headers);
          } catch (IOException e) {
            log.error(
                "failed to requeue the job, it comes again as it was",
                "ID",
                delivery.job().id(),
                "pipeline",
                spec.name(),
                "error",
                e.getMessage());
            readAhead.add(delivery.anew());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void copy(KafkaDelivery delivery, Map<String, List<String>> headers)
      throws IOException, InterruptedException {
    publisher.publish(
        List.of(Records.copy(delivery.record(), delivery.job(), headers, isManual)),
        Deadline.after(REQUEUE));
    delivery.progress().finish(delivery.record().offset());
  }
}
