package dev.rr.plugin.beanstalk;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.net.Reconnector;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Takes jobs out of a tube. A connection that the server lets wait for a job answers nothing else,
 * so it waits there only while nothing is held: outcomes never wait for the next job. While
 * something is held the tube is looked into, at once after each job that was there, at growing
 * intervals while none is.
 */
final class TubeConsumer implements ConsumerThread.Loop {
  /** The most that is asked for in one go. */
  private static final int MOST = 32;

  private static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(1), Duration.ofMillis(50));
  private static final Duration FULL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final BeanstalkPipeline pipeline;
  private final Reconnector<Reservations> connections;
  private final JobSink sink;
  private final Log log;
  private int misses;
  private int batch = 1;

  TubeConsumer(
      BeanstalkPipeline pipeline, Reconnector<Reservations> connections, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.connections = connections;
    this.sink = sink;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    while (true) {
      try {
        consume(connections.get(pipeline.server().timeout()));
      } catch (IOException e) {
        // Told once for each outage, by whoever dials.
        Thread.sleep(RETRY);
      }
    }
  }

  private void consume(Reservations from) throws IOException, InterruptedException {
    while (true) {
      int held = from.held();
      int room = pipeline.config().prefetch() - held;
      if (held == 0) {
        waitFor(from);
      } else if (room <= 0) {
        from.awaitOutcome(FULL);
      } else {
        look(from, room);
      }
    }
  }

  private void waitFor(Reservations from) throws IOException, InterruptedException {
    Duration reserve = pipeline.reserve();
    try {
      handOver(
          from, from.await(from.askAndWait(reserve), reserve.plus(pipeline.server().timeout())));
    } catch (InterruptedException end) {
      // Nothing else is answered before this is, and nothing else is held.
      from.close();
      throw end;
    }
  }

  private void look(Reservations from, int room) throws IOException, InterruptedException {
    int asked = Math.min(batch, room);
    int arrived = take(from, asked);
    if (arrived == asked) {
      batch = Math.min(MOST, batch * 2);
      return;
    }
    batch = 1;
    misses = arrived > 0 ? 1 : misses + 1;
    from.awaitOutcome(PAUSES.after(misses));
  }

  private int take(Reservations from, int count) throws IOException, InterruptedException {
    Deque<CompletableFuture<TubeReply>> asked = from.ask(count);
    int arrived = 0;
    try {
      while (!asked.isEmpty()) {
        TubeReply reply = from.await(asked.element(), pipeline.server().timeout());
        asked.remove();
        arrived += handOver(from, reply) ? 1 : 0;
      }
      return arrived;
    } finally {
      for (CompletableFuture<TubeReply> left : asked) {
        var unused = left.thenAccept(reply -> from.giveBack(reply, pipeline.priority()));
      }
    }
  }

  /** Answers whether it was a job. */
  private boolean handOver(Reservations from, TubeReply reply)
      throws IOException, InterruptedException {
    if (!reply.is("RESERVED")) {
      if (reply.is("DEADLINE_SOON")) {
        from.touch();
      }
      return false;
    }
    byte[] body = reply.body();
    if (body == null) {
      bury(from, reply);
      return true;
    }
    try {
      sink.add(new ReservedJob(pipeline, from, reply.id(), JobBody.decode(body)));
    } catch (InterruptedException end) {
      from.giveBack(reply, pipeline.priority());
      throw end;
    }
    return true;
  }

  private void bury(Reservations from, TubeReply reply) throws IOException, InterruptedException {
    log.error(
        "job is too large to be worked on, it is buried in its tube",
        "pipeline",
        pipeline.name(),
        "id",
        reply.id(),
        "bytes",
        reply.number(1),
        "allowed",
        BeanstalkConnection.LARGEST);
    from.bury(reply.id(), pipeline.priority());
  }
}
