package dev.rr.plugin.sqs;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.jobs.ConsumerThread;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Asks for as many jobs as may be held, and hands them over. Where SQS does not wait for jobs to
 * come, it is asked at growing intervals while none do; and so it is when it refuses.
 */
final class MessagePoller implements ConsumerThread.Loop {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_IDLE = Duration.ofMillis(500);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

  /** An empty answer that came no sooner was waited for. */
  private static final Duration WAITED = Duration.ofMillis(500);

  private final SqsPipeline pipeline;
  private final SqsQueue queue;
  private final HeldMessages held;
  private final JobSink sink;
  private final Log log;

  // Of the thread that runs.
  private Duration idle = FIRST_PAUSE;
  private Duration retry = FIRST_RETRY;
  private boolean told;

  MessagePoller(SqsPipeline pipeline, SqsQueue queue, HeldMessages held, JobSink sink, Log log) {
    this.pipeline = pipeline;
    this.queue = queue;
    this.held = held;
    this.sink = sink;
    this.log = log;
  }

  @Override
  public void run() throws InterruptedException {
    while (true) {
      int room = held.awaitRoom();
      try {
        poll(Math.min(room, pipeline.keys().prefetch()));
        retry = FIRST_RETRY;
        told = false;
      } catch (SqsFault e) {
        failed(e);
      }
    }
  }

  private void poll(int most) throws SqsFault, InterruptedException {
    long asked = System.nanoTime();
    List<Message> messages = queue.receive(most);
    if (!messages.isEmpty()) {
      idle = FIRST_PAUSE;
      handOver(messages);
    } else if (System.nanoTime() - asked < WAITED.toNanos()) {
      Thread.sleep(idle);
      idle = Attempts.longer(idle, LONGEST_IDLE);
    }
  }

  /** All of them count as held from now on: SQS hides them. */
  private void handOver(List<Message> messages) throws InterruptedException {
    List<SqsDelivery> taken =
        messages.stream().map(message -> new SqsDelivery(pipeline, message)).toList();
    taken.forEach(held::add);
    int given = 0;
    try {
      for (SqsDelivery delivery : taken) {
        sink.add(delivery);
        given++;
      }
    } catch (InterruptedException end) {
      pipeline.giveBack(taken.subList(given, taken.size()), Deadline.after(SqsServer.ANSWER));
      throw end;
    }
  }

  private void failed(SqsFault fault) throws InterruptedException {
    if (queue.isGone(fault)) {
      declareAnew();
    } else if (!fault.isLost() && !told) {
      // What is lost is told for all pipelines at once.
      told = true;
      log.warn(
          "cannot consume, it is tried again",
          "pipeline",
          pipeline.name(),
          "error",
          fault.getMessage());
    }
    Thread.sleep(retry);
    retry = Attempts.longer(retry, LONGEST_RETRY);
  }

  private void declareAnew() throws InterruptedException {
    try {
      queue.declareAnew(Deadline.after(SqsServer.ANSWER));
    } catch (SqsFault e) {
      if (!told) {
        told = true;
        log.warn(
            "the queue cannot be made, it is tried again",
            "pipeline",
            pipeline.name(),
            "error",
            e.getMessage());
      }
    }
  }
}
