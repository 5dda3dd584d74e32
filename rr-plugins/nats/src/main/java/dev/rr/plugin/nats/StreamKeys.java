package dev.rr.plugin.nats;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.config.DurationBounds;
import java.time.Duration;

/** What a pipeline may say whose driver is {@code nats}; upstream's keys and defaults. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "nats")
record StreamKeys(
    @Key(fallback = "default", doc = "The subject that jobs are published to; may have wildcards.")
        String subject,
    @Key(fallback = "default-stream", doc = "The stream that keeps them; made if it is missing.")
        String stream,
    @Key(
            min = 0,
            max = 100_000,
            doc = "Jobs that are held at once; by default 10, and 100 of a declared pipeline.")
        int prefetch,
    @Key(
            fallback = "30s",
            doc =
                "How long a job may be silent before the server hands it to somebody else: seconds,"
                    + " or with a unit.")
        String ackWait,
    @Key(
            doc =
                "Whether a pipeline that has never been open begins behind what the stream holds;"
                    + " not of a declared one, as clients always send it.")
        boolean deliverNew,
    @Key(doc = "Nothing, as upstream.", min = 0) long rateLimit,
    @Key(doc = "Whether the stream and all in it are deleted when the pipeline stops.")
        boolean deleteStreamOnStop,
    @Key(doc = "Whether a job is deleted from the stream once it is done.") boolean deleteAfterAck,
    @Key(doc = "Nothing: jobs of others are always consumed.") boolean consumeAll)
    implements Checked {
  private static final Duration ACK_WAIT = Duration.ofSeconds(30);
  private static final DurationBounds PATIENCE =
      new DurationBounds(Duration.ofSeconds(1), Duration.ofDays(1));

  StreamKeys {
    subject = subject.isEmpty() ? "default" : subject;
    stream = stream.isEmpty() ? "default-stream" : stream;
  }

  @Override
  public void check(Section at) {
    if (!Subjects.isSubject(subject)) {
      at.problem(
          "subject",
          "'"
              + subject
              + "' is no subject; allowed are words with dots between, of which one may be * and"
              + " the last >");
    }
    if (!Subjects.isName(stream)) {
      at.problem(
          "stream",
          "'" + stream + "' is no name of a stream; not allowed are blanks and . * > / \\");
    }
    at.parse("ack_wait", this::patience);
  }

  /** {@link #prefetch}, or its default. */
  int held(boolean declared) {
    if (prefetch > 0) {
      return prefetch;
    }
    return declared ? 100 : 10;
  }

  /**
   * {@link #ackWait} as a duration.
   *
   * @throws IllegalArgumentException says what is wrong with it
   */
  Duration patience() {
    return PATIENCE.parse(ackWait, ACK_WAIT);
  }
}
