package dev.rr.plugin.sqs;

import static java.util.Locale.ROOT;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Attributes of a queue as SQS wants them spelled: upstream reads keys in lower case. What is not
 * known goes as it is, for SQS to judge.
 */
final class QueueAttributes {
  private static final Map<String, String> NAMES =
      QueueAttributeName.knownValues().stream()
          .map(QueueAttributeName::toString)
          .collect(Collectors.toMap(name -> name.toLowerCase(ROOT), name -> name));

  /** The values that are words. */
  private static final Map<String, String> WORDS =
      Stream.of("messageGroup", "perQueue", "perMessageGroupId")
          .collect(Collectors.toMap(word -> word.toLowerCase(ROOT), word -> word));

  /** Those that are true or false, which a configuration may say as 1 and 0. */
  private static final Set<QueueAttributeName> FLAGS =
      Set.of(
          QueueAttributeName.FIFO_QUEUE,
          QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
          QueueAttributeName.SQS_MANAGED_SSE_ENABLED);

  private QueueAttributes() {}

  static Map<String, String> of(QueueKeys keys) {
    Map<String, String> spelled = new HashMap<>();
    if (keys.isFifo()) {
      spelled.put(QueueAttributeName.FIFO_QUEUE.toString(), "true");
    }
    keys.attributes()
        .forEach((given, value) -> {
          String name = NAMES.getOrDefault(given.toLowerCase(ROOT), given);
          spelled.put(name, value(name, value));
        });
    return spelled;
  }

  private static String value(String name, String given) {
    if (FLAGS.contains(QueueAttributeName.fromValue(name))) {
      return given.equals("1") ? "true" : given.equals("0") ? "false" : given;
    }
    return WORDS.getOrDefault(given.toLowerCase(ROOT), given);
  }
}
