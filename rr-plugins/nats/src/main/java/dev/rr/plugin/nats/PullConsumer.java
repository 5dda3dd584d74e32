package dev.rr.plugin.nats;

import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;

/**
 * Asks the server for as many jobs as the pipeline may hold, and hands them over. Whatever ends
 * that, it begins anew: connection, stream, consumer, request.
 */
final class PullConsumer implements ConsumerThread.Loop {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final NatsPipeline pipeline;
  private final NatsServer server;
  private final JobSink sink;
  private final Log log;
  private int failures;
  private boolean warned;

  PullConsumer(NatsPipeline pipeline, NatsServer server, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.server = server;
    this.sink = sink;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    failures = 0;
    try {
      while (true) {
        Connection connection = server.await();
        try {
          consume(connection);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
          if (server.current() == connection) {
            failed(e);
          }
        }
      }
    } finally {
      // The inbox is closed by now, so nothing arrives any more.
      pipeline.held().giveBackWaiting();
    }
  }

  /** What the connection did not end: told once, as it is tried again and again. */
  private void failed(Exception e) throws InterruptedException {
    if (!warned) {
      warned = true;
      log.warn(
          "cannot consume, it is tried again",
          "pipeline",
          pipeline.name(),
          "error",
          String.valueOf(e.getMessage()));
    }
    Thread.sleep(NatsServer.PAUSES.after(++failures));
  }

  private void consume(Connection connection)
      throws IOException, JetStreamApiException, InterruptedException {
    pipeline.ensure(connection, Deadline.after(NatsServer.TIMEOUT));
    HeldJobs held = pipeline.held();
    try (Inbox inbox = new Inbox(connection, pipeline)) {
      while (true) {
        int room = pipeline.prefetch() - held.size();
        if (room > 0) {
          inbox.ask(room);
        }
        NatsDelivery next = held.next(pipeline.prefetch(), inbox::isIdle, LOOK);
        if (next != null) {
          handOver(next);
        }
        inbox.check();
      }
    }
  }

  private void handOver(NatsDelivery next) throws InterruptedException {
    warned = false;
    failures = 0;
    try {
      sink.add(next);
    } catch (InterruptedException end) {
      // Given back with the rest: a server that hears of it while the inbox is being closed may
      // hand it to that, and then to nobody until its patience ends.
      pipeline.held().putBack(next);
      throw end;
    }
  }
}
