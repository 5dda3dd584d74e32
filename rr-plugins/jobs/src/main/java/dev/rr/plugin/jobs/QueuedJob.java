package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Delivery;
import org.jspecify.annotations.Nullable;

/** A delivery with its place in {@link JobQueue}, whose lock guards the link. */
final class QueuedJob {
  final Delivery delivery;
  final Source source;
  final String pool;
  final long priority;
  final long size;
  @Nullable QueuedJob next;

  /**
   * A job that may be queued.
   *
   * @param source who hands it over
   * @param pool whose workers work on it; empty where there is one pool
   * @param priority its own, else its pipeline's
   */
  QueuedJob(Delivery delivery, Source source, String pool, long priority) {
    this.delivery = delivery;
    this.source = source;
    this.pool = pool;
    this.priority = priority;
    this.size = delivery.job().size();
  }

  /** A pipeline as the queue sees it, from its opening to its end; compared by identity. */
  static class Source {
    final ManagedPipeline pipeline;
    // Guarded by the queue's lock.
    int queued;
    boolean closed;

    Source(ManagedPipeline pipeline) {
      this.pipeline = pipeline;
    }
  }
}
