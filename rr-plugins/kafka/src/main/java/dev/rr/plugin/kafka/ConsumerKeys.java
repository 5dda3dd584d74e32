package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What is consumed. */
@ConfigSection
record ConsumerKeys(
    @Key(doc = "The topics, whole.") List<String> topics,
    @Key(doc = "Whether they are regular expressions, found anywhere in a topic's name.")
        boolean consumeRegexp,
    @Key(min = 0, doc = "The most bytes of one answer of a broker; 0 is 16 MiB.")
        int maxFetchMessageSize,
    @Key(min = 0, doc = "The least bytes of one answer of a broker; 0 is 1.")
        int minFetchMessageSize,
    @Key(doc = "By topic and partition, where to begin, instead of topics.")
        Section consumePartitions,
    @Key(
            doc =
                "Where to begin when no offset is kept: type (At, AfterMilli, AtEnd, AtStart,"
                    + " Relative, WithEpoch) and value.")
        Section consumerOffset)
    implements Checked {
  private static final int FETCH = 16 * 1024 * 1024;

  ConsumerKeys {
    maxFetchMessageSize = maxFetchMessageSize == 0 ? FETCH : maxFetchMessageSize;
    minFetchMessageSize = Math.max(1, minFetchMessageSize);
  }

  @Override
  public void check(Section at) {
    if (topics.isEmpty() && partitions().isEmpty()) {
      at.problem(null, "topics and consume partitions should not be empty for the consumer");
    }
    var unused = start();
    if (consumeRegexp) {
      at.parse(
          "topics",
          () -> {
            var compiled = pattern();
          });
    }
  }

  /** The topics that are named, or whose partitions are. */
  List<String> topicNames() {
    return topics.isEmpty()
        ? partitions().keySet().stream().map(TopicPartition::topic).distinct().sorted().toList()
        : topics;
  }

  StartOffset start() {
    return StartOffset.of(consumerOffset);
  }

  /** Those that are consumed alone; as upstream, topics win. */
  Map<TopicPartition, StartOffset> partitions() {
    Map<TopicPartition, StartOffset> all = new HashMap<>();
    if (topics.isEmpty()) {
      consumePartitions
          .sectionMap("")
          .forEach((topic, below) ->
              StartOffset.partitions(below)
                  .forEach((number, from) -> all.put(new TopicPartition(topic, number), from)));
    }
    return all;
  }

  /** Matches whole names of topics that have one of the expressions in them. */
  Pattern pattern() {
    return Pattern.compile(
        topics.stream()
            .map(one -> "(?:" + one + ")")
            .collect(Collectors.joining("|", ".*(?:", ").*")));
  }

  /** What a consumer is made with. */
  Map<String, Object> properties() {
    return Map.of(
        "fetch.max.bytes", maxFetchMessageSize,
        "max.partition.fetch.bytes", Math.min(maxFetchMessageSize, 1024 * 1024),
        "fetch.min.bytes", minFetchMessageSize);
  }
}
