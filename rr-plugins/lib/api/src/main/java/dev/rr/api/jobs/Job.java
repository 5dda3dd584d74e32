package dev.rr.api.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A job.
 *
 * @param id as its client made it
 * @param name the task, which chooses what the worker does
 * @param payload belongs to the receiver
 * @param headers a list of values for each name
 */
public record Job(
    String id, String name, byte[] payload, Map<String, List<String>> headers, Options options) {
  /** The name of a job that was not pushed as one, in upstream's words. */
  public static final String FOREIGN = "deduced_by_rr";

  public Job {
    headers = Map.copyOf(headers);
  }

  /** What somebody has put into a broker who knows nothing of jobs: all of it is the payload. */
  public static Job foreign(byte[] payload, Map<String, List<String>> headers) {
    return new Job(UUID.randomUUID().toString(), FOREIGN, payload, headers, Options.NONE);
  }

  /**
   * A longer delay is as good as for ever, and would overflow where it is counted in nanoseconds.
   */
  private static final long MOST_SECONDS = 3_155_760_000L;

  /** What a job takes beside its bytes and texts: its objects and a place in a queue. */
  private static final int OVERHEAD = 160;

  /** What a header takes beside its texts. */
  private static final int HEADER = 120;

  /** So many seconds as a delay: none when negative, a hundred years at most. */
  public static Duration delay(long seconds) {
    return Duration.ofSeconds(Math.clamp(seconds, 0, MOST_SECONDS));
  }

  /** The same with these headers, which replace those of the same names; the others stay. */
  public Job withHeaders(Map<String, List<String>> given) {
    if (given.isEmpty()) {
      return this;
    }
    Map<String, List<String>> merged = new HashMap<>(headers);
    merged.putAll(given);
    return new Job(id, name, payload, merged, options);
  }

  /** The same with other options. */
  public Job withOptions(Options other) {
    return new Job(id, name, payload, headers, other);
  }

  /** About the bytes that it takes in memory, for bounds of what waits. */
  public long size() {
    long size = OVERHEAD + payload.length + id.length() + name.length();
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      size += HEADER + header.getKey().length();
      for (String value : header.getValue()) {
        size += value.length();
      }
    }
    return size;
  }

  /**
   * How a job is queued.
   *
   * @param priority the lower, the sooner; 0 for that of its pipeline
   * @param delay before it may be worked on; zero for none, never negative
   * @param autoAck whether it is acknowledged when it arrives, before it is worked on
   * @param log where in a log it goes or came from
   */
  public record Options(long priority, Duration delay, boolean autoAck, LogPlace log) {
    /** At once, with the pipeline's priority. */
    public static final Options NONE = new Options(0, Duration.ZERO, false, LogPlace.NONE);

    /** The same with another priority. */
    public Options withPriority(long other) {
      return new Options(other, delay, autoAck, log);
    }

    /** The same with another delay. */
    public Options withDelay(Duration other) {
      return new Options(priority, other, autoAck, log);
    }
  }

  /**
   * A place in a broker that keeps logs, such as Kafka.
   *
   * @param topic empty for the pipeline's
   * @param metadata free text of the client
   * @param partition its number
   * @param offset within the partition
   */
  public record LogPlace(String topic, String metadata, int partition, long offset) {
    /** Nowhere in particular. */
    public static final LogPlace NONE = new LogPlace("", "", 0, 0);
  }

  /** Without the payload, which may hold secrets. */
  @Override
  public String toString() {
    return "Job[" + id + ", " + name + ", " + payload.length + " bytes]";
  }
}
