package dev.rr.plugin.kafka;

import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a partition begins of which no offset is kept; upstream's words.
 *
 * @param value an offset, a time or a distance, as the kind has it
 */
record StartOffset(Kind kind, long value) {
  static final StartOffset DEFAULT = new StartOffset(Kind.AT_START, 0);

  /** What the value counts from. */
  enum Kind implements Word {
    /** An offset. */
    AT("At"),
    /** The first at or after a time, in milliseconds since 1970. */
    AFTER_MILLI("AfterMilli"),
    /** What comes from now on. */
    AT_END("AtEnd"),
    /** Everything that is there. */
    AT_START("AtStart"),
    /** So many behind the end; before it, if negative. */
    RELATIVE("Relative"),
    /** As {@link #AT_END}: upstream's offsets begin there, and an epoch changes none. */
    WITH_EPOCH("WithEpoch");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /** Reads one: {@code type} and {@code value}. */
  static StartOffset of(Section at) {
    at.parse(
        "type",
        () -> {
          var unused = kind(at);
        });
    long value = at.integer("value", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    try {
      return new StartOffset(kind(at), value);
    } catch (IllegalArgumentException e) {
      return DEFAULT;
    }
  }

  private static Kind kind(Section at) {
    return Word.of(Kind.class, at.string("type", ""), Kind.AT_START, "unknown type");
  }

  /**
   * Has a consumer go on from here, within what the partitions have. On its thread.
   *
   * @param longest for each answer of the brokers
   */
  void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration longest) {
    switch (kind) {
      case AT_START -> consumer.seekToBeginning(partitions);
      case AT_END, WITH_EPOCH -> consumer.seekToEnd(partitions);
      default -> {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, longest);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, longest);
        wanted(consumer, ends, longest)
            .forEach((partition, offset) ->
                consumer.seek(
                    partition,
                    Math.clamp(
                        offset,
                        begins.getOrDefault(partition, 0L),
                        Math.max(
                            begins.getOrDefault(partition, 0L),
                            ends.getOrDefault(partition, 0L)))));
      }
    }
  }

  private Map<TopicPartition, Long> wanted(
      Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, Duration longest) {
    Map<TopicPartition, Long> wanted = new HashMap<>(ends);
    if (kind == Kind.AFTER_MILLI) {
      Map<TopicPartition, Long> times = new HashMap<>();
      ends.keySet().forEach(partition -> times.put(partition, value));
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, longest);
      found.forEach((partition, at) -> {
        if (at != null) {
          wanted.put(partition, at.offset());
        }
      });
    } else {
      wanted.replaceAll((partition, end) -> kind == Kind.RELATIVE ? end + value : value);
    }
    return wanted;
  }

  /** The partitions of one section, by their numbers; what is no number is a problem. */
  static Map<Integer, StartOffset> partitions(Section topic) {
    Map<Integer, StartOffset> all = new HashMap<>();
    for (Map.Entry<String, Section> entry : topic.sectionMap("").entrySet()) {
      try {
        all.put(Integer.parseUnsignedInt(entry.getKey()), of(entry.getValue()));
      } catch (NumberFormatException e) {
        topic.problem(entry.getKey(), "is no partition; expected its number");
      }
    }
    return all;
  }

  /** The topics' names, for messages. */
  static List<String> names(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::toString).sorted().toList();
  }
}
