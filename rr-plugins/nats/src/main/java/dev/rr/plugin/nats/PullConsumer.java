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
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final NatsPipeline pipeline;
  private final NatsServer server;
  private final JobSink sink;
  private final Log log;
  private Duration pause = FIRST_PAUSE;
  private boolean warned;

  PullConsumer(NatsPipeline pipeline, NatsServer server, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.server = server;
    this.sink = sink;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    pause = FIRST_PAUSE;
    while (true) {
      Connection connection = connection();
      try {
        consume(connection);
      } catch (IOException | JetStreamApiException | IllegalStateException e) {
        if (server.current() == connection) {
          failed(e);
        }
      }
    }
  }

  private Connection connection() throws InterruptedException {
    try {
      return server.await();
    } catch (InterruptedException end) {
      pipeline.held().giveBackWaiting();
      throw end;
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
    Thread.sleep(pause);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
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
    } catch (InterruptedException end) {
      // The inbox is closed by now, so nothing arrives any more.
      held.giveBackWaiting();
      throw end;
    }
  }

  private void handOver(NatsDelivery next) throws InterruptedException {
    warned = false;
    pause = FIRST_PAUSE;
    try {
      sink.add(next);
    } catch (InterruptedException end) {
      pipeline.held().giveBack(next);
      throw end;
    }
  }
}
