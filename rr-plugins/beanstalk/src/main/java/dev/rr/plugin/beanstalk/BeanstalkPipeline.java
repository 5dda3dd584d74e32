package dev.rr.plugin.beanstalk;

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
import java.util.List;

/** A pipeline on a tube: one connection puts and asks, another reserves. Any thread. */
final class BeanstalkPipeline implements Pipeline {
  private static final String DRIVER = "beanstalk";
  private static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final PipelineSpec spec;
  private final TubeConfig config;
  private final BeanstalkServer server;
  private final Log log;
  private final Outages outages;
  private final Reconnector<TubeProducer> producers;
  private final Reconnector<Reservations> reservations;
  private final ConsumerThread consumer;
  private volatile boolean stopped;

  /** One that is not connected. */
  BeanstalkPipeline(
      PipelineSpec spec, TubeConfig config, BeanstalkServer server, JobSink sink, Log log) {
    this.spec = spec;
    this.config = config;
    this.server = server;
    this.log = log;
    this.outages = new Outages(this::away, this::back);
    this.producers =
        new Reconnector<>(
            server.toString(),
            server.thread("dial"),
            PAUSES,
            new WatchedPeer<>(() -> TubeProducer.dial(server, config.tube()), this::lost, outages));
    this.reservations =
        new Reconnector<>(
            server.toString(),
            server.thread("dial"),
            PAUSES,
            new WatchedPeer<>(() -> Reservations.dial(server, config.tube()), this::lost, outages));
    this.consumer =
        new ConsumerThread(
            DRIVER, spec.name(), new TubeConsumer(this, reservations, sink, log), sink::lost);
  }

  private void lost(TubeProducer ended) {
    producers.lost(ended);
  }

  private void lost(Reservations ended) {
    reservations.lost(ended);
  }

  private void away(IOException cause) {
    log.warn(
        "connection lost, it is tried again",
        "pipeline",
        spec.name(),
        "server",
        server,
        "error",
        String.valueOf(cause.getMessage()));
  }

  private void back() {
    log.info("connected again", "pipeline", spec.name(), "server", server);
  }

  /** Connects. */
  void open() throws Exception {
    try {
      var unused = producers.get(server.timeout());
      var alsoUnused = reservations.get(server.timeout());
      outages.expected();
    } catch (IOException | InterruptedException e) {
      stop(Deadline.after(server.timeout()));
      throw e instanceof IOException ? OperationException.within("new_beanstalk_consumer", e) : e;
    }
  }

  // ---- in
  // ----------------------------------------------------------------------------------------

  @Override
  public void push(List<Job> jobs, Deadline deadline) throws Exception {
    put(jobs.stream().map(job -> new JobBody(job, spec.name())).toList(), deadline);
  }

  /** Puts a changed copy of a job. Answers whether the server has it; it is logged when not. */
  boolean putAgain(JobBody copy) throws InterruptedException {
    try {
      put(List.of(copy), Deadline.after(server.timeout()));
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.log(
          Log.Level.ERROR,
          "job comes again without its new headers",
          e,
          "ID",
          copy.job().id(),
          "pipeline",
          spec.name());
      return false;
    }
  }

  /** Tries until the deadline, whatever happens to connections meanwhile. */
  private void put(List<JobBody> jobs, Deadline deadline) throws Exception {
    TubeProducer.Batch batch = new TubeProducer.Batch(jobs, priority(), server.timeToRun());
    try {
      Attempts.until(
          deadline,
          PAUSES.first(),
          () -> {
            checkOpen();
            producers.get(deadline.remaining()).put(batch, deadline);
          });
    } catch (IOException e) {
      throw OperationException.within(
          "beanstalk_push", OperationException.within("beanstalk_handle_item", e));
    }
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
  public PipelineState state(Deadline deadline) throws Exception {
    try {
      TubeProducer.Counts counts = producers.get(deadline.remaining()).counts(deadline);
      return new PipelineState(
          spec.name(),
          DRIVER,
          config.tube(),
          counts.ready(),
          counts.delayed(),
          counts.reserved(),
          consumer.active(),
          spec.priority(),
          "");
    } catch (IOException e) {
      throw OperationException.within("beanstalk_state", e);
    }
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    stopped = true;
    try {
      consumer.stop(deadline);
    } finally {
      close(producers, deadline);
      close(reservations, deadline);
    }
  }

  private static <C extends WatchedPeer.Connection> void close(
      Reconnector<C> connections, Deadline deadline) throws InterruptedException {
    C last = connections.close(deadline.remaining());
    if (last != null) {
      last.close();
      last.join(deadline.remaining());
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

  TubeConfig config() {
    return config;
  }

  BeanstalkServer server() {
    return server;
  }

  /** Of jobs in the tube. */
  long priority() {
    return config.priority(spec.declared());
  }

  /** How long the server may let a reservation wait. */
  Duration reserve() {
    return config.reserve(spec.declared());
  }
}
