package dev.rr.plugin.nsq;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.regex.Pattern;

/** What a pipeline may say whose driver is {@code nsq}; upstream's keys and defaults. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "nsq")
record TopicConfig(
    @Key(doc = "The topic of its jobs; the pipeline's name by default.") String topic,
    @Key(fallback = "default", doc = "The channel that jobs are consumed from.") String channel,
    @Key(fallback = "10", max = 2500, doc = "Jobs without an outcome at once; 0 and less is 10.")
        int prefetch,
    @Key(
            min = 0,
            max = 65_535,
            doc = "How often a job is handed over before it is dropped; 0 is without end.")
        int maxAttempts)
    implements Checked {
  private static final Pattern NAME = Pattern.compile("[.\\w-]{1,64}(#ephemeral)?");
  private static final int LONGEST = 64;
  private static final int PREFETCH = 10;

  TopicConfig {
    channel = channel.isEmpty() ? "default" : channel;
    prefetch = prefetch <= 0 ? PREFETCH : prefetch;
  }

  @Override
  public void check(Section at) {
    if (!topic.isEmpty()) {
      at.parse("topic", () -> checkName(topic));
    }
    at.parse("channel", () -> checkName(channel));
  }

  /** The topic of a pipeline. */
  String topicOf(String pipeline) {
    return topic.isEmpty() ? pipeline : topic;
  }

  /**
   * Checks a name as nsqd does.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  static void checkName(String name) {
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no name of nsq; allowed are 64 letters, digits and ._-, and #ephemeral behind"
              + " them");
    }
  }
}
