package dev.rr.plugin.googlepubsub;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hands over what arrives, from one stream after the other: Pub/Sub ends them every half an hour or
 * so. Whatever ends one, another is opened, with pauses while that does not help.
 */
final class StreamConsumer implements ConsumerThread.Loop {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final PubSubPipeline pipeline;
  private final PubSubClient client;
  private final JobSink sink;
  private final Log log;
  private volatile @Nullable PullStream current;
  private Duration pause = FIRST_PAUSE;
  private boolean warned;

  StreamConsumer(PubSubPipeline pipeline, PubSubClient client, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.client = client;
    this.sink = sink;
    this.log = log;
  }

  /** The stream; null while the pipeline does not consume. */
  @Nullable PullStream current() {
    return current;
  }

  @Override
  public void run() throws InterruptedException {
    pause = FIRST_PAUSE;
    try {
      while (true) {
        PullStream stream = PullStream.open(pipeline, client);
        current = stream;
        Status status = consume(stream);
        if (stream.isConnected() && stream.age().compareTo(pause) > 0) {
          pause = FIRST_PAUSE;
        }
        if (!status.isOk()) {
          failed(stream, CallFailure.of(client.toString(), status));
        } else if (stream.age().compareTo(FIRST_PAUSE) < 0) {
          Thread.sleep(FIRST_PAUSE);
        }
      }
    } finally {
      current = null;
      client.outage().gone(pipeline);
      pipeline.giveBackWaiting();
    }
  }

  /** Answers what has ended the stream. */
  private Status consume(PullStream stream) throws InterruptedException {
    try {
      while (!stream.isOver()) {
        LeasedJob next = pipeline.leases().next(LOOK);
        if (next != null) {
          handOver(next);
        }
      }
      return stream.status();
    } finally {
      stream.close();
    }
  }

  private void handOver(LeasedJob next) throws InterruptedException {
    warned = false;
    try {
      sink.add(next);
    } catch (InterruptedException end) {
      pipeline.giveBack(next);
      throw end;
    }
  }

  private void failed(PullStream stream, CallFailure failure) throws InterruptedException {
    if (!stream.isConnected()) {
      client.outage().down(pipeline, failure);
    } else if (failure.isMissing()) {
      declare();
    } else if (!failure.mayPass()) {
      warn(failure);
    }
    Thread.sleep(pause);
    pause = Attempts.longer(pause, LONGEST_PAUSE);
  }

  private void declare() throws InterruptedException {
    try {
      pipeline.topic().declare(Deadline.after(PubSubClient.TIMEOUT));
      log.info("topic and subscription are made anew", "pipeline", pipeline.name());
    } catch (CallFailure e) {
      if (!e.mayPass()) {
        warn(e);
      }
    }
  }

  /** Once, as it is tried again and again. */
  private void warn(CallFailure failure) {
    if (!warned) {
      warned = true;
      log.warn(
          "cannot consume, it is tried again",
          "pipeline",
          pipeline.name(),
          "error",
          String.valueOf(failure.getMessage()));
    }
  }
}
