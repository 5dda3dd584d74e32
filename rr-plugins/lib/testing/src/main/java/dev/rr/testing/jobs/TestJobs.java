package dev.rr.testing.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Jobs as tests push them, and how long they wait. Stateless; any thread. */
public final class TestJobs {
  /** That of the jobs, and of the pipelines of tests. */
  public static final long PRIORITY = 10;

  private TestJobs() {}

  /** A job with a payload and an id of its own. */
  public static Job job(String payload) {
    return job(payload, Map.of(), Duration.ZERO);
  }

  /** As {@link #job(String)}, with headers and a delay. */
  public static Job job(String payload, Map<String, List<String>> headers, Duration delay) {
    return new Job(
        UUID.randomUUID().toString(),
        "task",
        payload.getBytes(UTF_8),
        headers,
        Job.Options.NONE.withPriority(PRIORITY).withDelay(delay));
  }

  /** Longer than a broker needs that is there, on a machine that is busy. */
  public static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }
}
