package dev.rr.plugin.amqp;

import dev.rr.api.jobs.Job;

/** What deliveries of one pipeline have in common. Any thread. */
interface Outcomes {
  /** The queue that they came from. */
  String queue();

  /** Whether an acknowledgement counts for all that were delivered before. */
  boolean multipleAck();

  /** Whether the job of a worker that died comes again. */
  boolean requeueOnFail();

  /**
   * Whether outcomes may still be told.
   *
   * @throws IllegalStateException when the pipeline has stopped
   */
  void checkOpen();

  /**
   * Publishes a copy.
   *
   * @param origin the pipeline that the job was pushed to first; may be empty
   */
  void publish(Job copy, String origin) throws Exception;
}
