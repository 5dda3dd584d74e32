package dev.rr.plugin.kafka;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/** What went wrong at the brokers, in one sentence; the library hides it in causes. */
final class KafkaFaults {
  private KafkaFaults() {}

  /** What happened. */
  static String text(Throwable fault) {
    Throwable at = fault;
    while (at.getCause() != null && (at instanceof ExecutionException || isWrapper(at))) {
      at = at.getCause();
    }
    if (at instanceof TimeoutException && at.getMessage() == null) {
      return "no answer from the brokers";
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  /** The library's constructors say no more than that they have failed. */
  private static boolean isWrapper(Throwable fault) {
    return fault.getClass() == KafkaException.class
        && fault.getMessage() != null
        && fault.getMessage().startsWith("Failed to ");
  }
}
