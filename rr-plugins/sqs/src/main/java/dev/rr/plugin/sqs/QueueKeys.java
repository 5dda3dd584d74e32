package dev.rr.plugin.sqs;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.Map;
import java.util.regex.Pattern;

/** What a pipeline may say whose driver is {@code sqs}; upstream's keys, defaults and bounds. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "sqs")
record QueueKeys(
    @Key(fallback = "default", doc = "The queue; .fifo at its end for a FIFO queue.") String queue,
    @Key(fallback = "1", doc = "Jobs that are asked for at once, 1 to 10.") int prefetch,
    @Key(doc = "Jobs that are held without an outcome; by default as many as prefetch.")
        int maxMessagesInFlight,
    @Key(
            doc =
                "Seconds for which a job is hidden from other consumers unless it is kept, at most"
                    + " 43200; by default the queue's.")
        int visibilityTimeout,
    @Key(
            doc =
                "With retain_failed_jobs, seconds after which a failed job comes again, at most"
                    + " 43200.")
        int errorVisibilityTimeout,
    @Key(doc = "Whether a failed job stays the same message, which SQS counts, not a new one.")
        boolean retainFailedJobs,
    @Key(doc = "Seconds that SQS waits for a job to come, at most 20; by default the queue's.")
        int waitTimeSeconds,
    @Key(doc = "As wait_time_seconds; what clients call it.") int waitTime,
    @Key(doc = "The group of jobs in a FIFO queue.") String messageGroupId,
    @Key(doc = "Whether the queue has to be there, and is not made.") boolean skipQueueDeclaration,
    @Key(doc = "Attributes of the queue when it is made, by SQS's names in any case.")
        Map<String, String> attributes,
    @Key(doc = "Tags of the queue when it is made.") Map<String, String> tags,
    @Key(doc = "Nothing: jobs of others are always consumed.") boolean consumeAll)
    implements Checked {
  private static final int MOST_AT_ONCE = 10;
  private static final int LONGEST_WAIT = 20;
  private static final int LONGEST_HIDDEN = 43_200;
  private static final int LONGEST_NAME = 80;
  private static final int LONGEST_GROUP = 128;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.fifo)?");

  QueueKeys {
    queue = queue.isEmpty() ? "default" : queue;
    prefetch = Math.clamp(prefetch, 1, MOST_AT_ONCE);
    maxMessagesInFlight = maxMessagesInFlight > 0 ? maxMessagesInFlight : prefetch;
    visibilityTimeout = Math.clamp(visibilityTimeout, 0, LONGEST_HIDDEN);
    errorVisibilityTimeout = Math.clamp(errorVisibilityTimeout, 0, LONGEST_HIDDEN);
    waitTimeSeconds = Math.clamp(Math.max(waitTimeSeconds, waitTime), 0, LONGEST_WAIT);
  }

  @Override
  public void check(Section at) {
    if (!NAME.matcher(queue).matches() || queue.length() > LONGEST_NAME) {
      at.problem(
          "queue",
          "'"
              + queue
              + "' is no name of a queue; allowed are up to 80 letters, digits, - and _, and .fifo"
              + " at the end");
    }
    if (messageGroupId.length() > LONGEST_GROUP) {
      at.problem("message_group_id", "has more than 128 characters");
    }
  }

  boolean isFifo() {
    return queue.endsWith(".fifo");
  }
}
