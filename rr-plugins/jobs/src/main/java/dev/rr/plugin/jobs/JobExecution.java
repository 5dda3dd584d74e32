package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.log.Log;
import dev.rr.api.trace.Span;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** One job at a pool: writes what the worker is told, and takes what it says. */
final class JobExecution implements Reply, Payload.Context {
  /** The most bytes that an answer may have: it holds headers for the job, and no result. */
  private static final int LONGEST = 16 << 20;

  private final JobDispatcher dispatcher;
  private final QueuedJob job;
  private final Shared shared;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream(0);
  private Span span = Span.NONE;
  // Whoever holds the pool's task holds these.
  private volatile boolean begun;
  private volatile boolean ended;

  JobExecution(JobDispatcher dispatcher, QueuedJob job, Shared shared) {
    this.dispatcher = dispatcher;
    this.job = job;
    this.shared = shared;
  }

  /** On the thread of the worker that has taken the job; again when that one could not begin. */
  @Override
  public byte[] bytes() {
    Delivery delivery = job.delivery;
    if (!begun) {
      begun = true;
      span = shared.traces().work(delivery.job());
      if (shared.log().enabled(Log.Level.DEBUG)) {
        shared.log().debug("job processing was started", "ID", delivery.job().id());
      }
      dispatcher.begun();
    }
    ManagedPipeline pipeline = job.source.pipeline;
    return JobContext.of(
        delivery,
        pipeline.driver(),
        pipeline.name(),
        shared.traces().inject(span, delivery.job().headers()));
  }

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    if (!last) {
      shared.log().warn("streaming is not supported", "ID", job.delivery.job().id());
      fail("streaming is not supported");
      return false;
    }
    return body(body, remaining);
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    if (ended) {
      return false;
    }
    if (answer.size() + chunk.remaining() + remaining > LONGEST) {
      fail("the worker's answer is longer than " + LONGEST + " bytes");
      return false;
    }
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    if (remaining > 0) {
      answer.writeBytes(bytes);
      return true;
    }
    ended = true;
    span.end();
    dispatcher.answered(job, whole(bytes));
    return true;
  }

  private byte[] whole(byte[] end) {
    if (answer.size() == 0) {
      return end;
    }
    answer.writeBytes(end);
    return answer.toByteArray();
  }

  @Override
  public void failed(ExecException error) {
    if (ended) {
      return;
    }
    switch (error.kind()) {
      // The job has met no worker, so it has not failed.
      case NO_FREE_WORKERS, QUEUE_SIZE, WORKER_ALLOCATE -> {
        if (begun) {
          fail(String.valueOf(error.getMessage()));
        } else {
          ended = true;
          dispatcher.refused(job);
        }
      }
      case STOPPED -> {
        // It has no outcome: its driver gives it back when it stops.
        ended = true;
        span.end();
        if (!begun) {
          dispatcher.dropped(job);
        }
      }
      default -> fail(String.valueOf(error.getMessage()));
    }
  }

  private void fail(String error) {
    ended = true;
    if (!begun) {
      dispatcher.notBegun();
    }
    span.error(error);
    span.end();
    dispatcher.failed(job, error);
  }
}
