package dev.rr.api.jobs;

/** What every driver says alike, in upstream's words, which clients look into. */
public final class PipelineFaults {
  private PipelineFaults() {}

  /** To whoever resumes a pipeline that consumes. */
  public static IllegalStateException active(String driver) {
    return new IllegalStateException(driver + " listener is already in the active state");
  }

  /** To whoever pauses a pipeline that does not consume. */
  public static IllegalStateException notActive() {
    return new IllegalStateException("no active listeners, nothing to pause");
  }

  /** To whoever tells an outcome of a job that has one. */
  public static IllegalStateException settled() {
    return new IllegalStateException("the job has an outcome already");
  }

  /** To whoever tells an outcome after the pipeline has stopped. */
  public static IllegalStateException stopped() {
    return new IllegalStateException(
        "failed to acknowledge the JOB, the pipeline is probably stopped");
  }
}
