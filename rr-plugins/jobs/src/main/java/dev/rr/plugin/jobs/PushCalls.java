package dev.rr.plugin.jobs;

import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Job;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;
import dev.rr.plugin.jobs.JobsMetrics.Way;
import dev.rr.proto.JobsProto;
import dev.rr.proto.JobsProto.Empty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes jobs from clients to their pipelines. Called on an event loop: what a driver cannot take at
 * once goes on where it may wait.
 */
final class PushCalls {
  /** Jobs that a loop may hand over in one call, while other clients wait. */
  private static final int MOST_AT_ONCE = 100;

  /** Jobs with so many bytes go to their pipeline before others are copied out of their call. */
  private static final long FULL_GROUP = 4 << 20;

  private static final Empty EMPTY = Empty.getDefaultInstance();

  /** The header that names the pool which works on a job, where there are pools. */
  static final String POOL = "pool";

  private final PipelineRegistry pipelines;
  private final boolean pools;
  private final Shared shared;

  /**
   * Calls.
   *
   * @param pools whether there are pools by name, which jobs carry in a header
   */
  PushCalls(PipelineRegistry pipelines, boolean pools, Shared shared) {
    this.pipelines = pipelines;
    this.pools = pools;
    this.shared = shared;
  }

  /** One call. */
  private record Push(List<JobsProto.Job> jobs, Way way, String call, String operation) {}

  /** Jobs of one pipeline that stand together. */
  private record Group(ManagedPipeline pipeline, List<Job> jobs) {}

  CompletionStage<Empty> single(JobsProto.PushRequest request, RpcCall call)
      throws OperationException {
    if (request.getJob().getId().isEmpty()) {
      throw OperationException.of("rpc_push", "empty ID field not allowed");
    }
    return push(
        new Push(List.of(request.getJob()), Way.SINGLE, "rpc_push", "jobs_plugin_push"), call);
  }

  CompletionStage<Empty> batch(JobsProto.PushBatchRequest request, RpcCall call)
      throws OperationException {
    return push(
        new Push(request.getJobsList(), Way.BATCH, "rpc_push_batch", "jobs_plugin_push_batch"),
        call);
  }

  private CompletionStage<Empty> push(Push push, RpcCall call) throws OperationException {
    if (push.jobs.size() > MOST_AT_ONCE) {
      return call.offload(() -> rest(push, 0, begin(push)));
    }
    Span span = begin(push);
    int done = 0;
    boolean later = false;
    try {
      while (!later && done < push.jobs.size()) {
        Group group = group(push, done, span);
        later = !offer(group, push.way, span);
        done += later ? 0 : group.jobs.size();
      }
    } catch (OperationException e) {
      throw failed(push, span, e);
    }
    if (later) {
      int from = done;
      return call.offload(() -> rest(push, from, span));
    }
    span.end();
    return CompletableFuture.completedStage(EMPTY);
  }

  private Span begin(Push push) {
    if (shared.traces().tracer().isEmpty()) {
      return Span.NONE;
    }
    return shared.traces().push(push.way == Way.SINGLE ? "push" : "push_batch", push.jobs);
  }

  private Empty rest(Push push, int from, Span span) throws OperationException {
    try {
      int done = from;
      while (done < push.jobs.size()) {
        Group group = group(push, done, span);
        push(group, push, span);
        done += group.jobs.size();
      }
      span.end();
      return EMPTY;
    } catch (OperationException e) {
      throw failed(push, span, e);
    }
  }

  private static OperationException failed(Push push, Span span, OperationException fault) {
    OperationException whole = OperationException.within(push.call, fault);
    span.error(String.valueOf(whole.getMessage()));
    span.end();
    return whole;
  }

  /** The jobs from one on that go to the same pipeline, and are not too much at once. */
  private Group group(Push push, int from, Span span) throws OperationException {
    String name = push.jobs.get(from).getOptions().getPipeline();
    ManagedPipeline pipeline =
        pipelines
            .find(name)
            .orElseThrow(() ->
                OperationException.of(push.operation, "no such pipeline, requested: " + name));
    List<Job> jobs = new ArrayList<>();
    long size = 0;
    for (int i = from; i < push.jobs.size() && size < FULL_GROUP; i++) {
      JobsProto.Job next = push.jobs.get(i);
      if (!next.getOptions().getPipeline().equals(name)) {
        break;
      }
      Job job = JobMessages.job(next, pipeline.priority(), pipeline.common());
      jobs.add(shared.traces().inject(span, pooled(job, pipeline)));
      size += job.payload().length;
    }
    return new Group(pipeline, jobs);
  }

  private Job pooled(Job job, ManagedPipeline pipeline) {
    return pools ? job.withHeaders(Map.of(POOL, List.of(pipeline.pool()))) : job;
  }

  private boolean offer(Group group, Way way, Span span) {
    long begun = System.nanoTime();
    if (!group.pipeline.offer(group.jobs)) {
      return false;
    }
    span.child(spanOf(group)).end();
    group.pipeline.pushes(way).asked(group.jobs.size());
    taken(group, way, begun);
    return true;
  }

  private void push(Group group, Push push, Span span) throws OperationException {
    long begun = System.nanoTime();
    group.pipeline.pushes(push.way).asked(group.jobs.size());
    Span own = span.child(spanOf(group));
    try {
      group.pipeline.push(group.jobs, Deadline.after(shared.timeout()));
    } catch (Exception e) {
      shared.metrics().notPushed.increment();
      own.error(String.valueOf(e.getMessage()));
      shared.log().log(
          Log.Level.ERROR,
          push.way == Way.SINGLE ? "job push error" : "job push batch error",
          e,
          "ID",
          group.jobs.getFirst().id(),
          "pipeline",
          group.pipeline.name(),
          "driver",
          group.pipeline.driver());
      throw OperationException.within(push.operation, e);
    } finally {
      own.end();
    }
    taken(group, push.way, begun);
  }

  /** Upstream's name, which has another word for one driver. */
  private static String spanOf(Group group) {
    String driver = group.pipeline.driver();
    return (driver.equals("memory") ? "in_memory" : driver) + "_push";
  }

  private void taken(Group group, Way way, long begun) {
    long nanos = System.nanoTime() - begun;
    group.pipeline.pushes(way).taken(nanos);
    shared.metrics().pushed.add(group.jobs.size());
    if (shared.log().enabled(Log.Level.DEBUG)) {
      for (Job job : group.jobs) {
        shared
            .log()
            .debug(
                "job was pushed successfully",
                "ID",
                job.id(),
                "pipeline",
                group.pipeline.name(),
                "driver",
                group.pipeline.driver());
      }
    }
  }
}
