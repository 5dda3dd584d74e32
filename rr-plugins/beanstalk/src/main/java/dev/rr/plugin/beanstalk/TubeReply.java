package dev.rr.plugin.beanstalk;

import dev.rr.api.jobs.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers.
 *
 * @param word the first of the line
 * @param rest the other words of the line
 * @param body what follows it; empty where nothing does, null where it was too large to be kept
 */
record TubeReply(String word, List<String> rest, byte @Nullable [] body) {
  /** Upstream's texts, which clients may look into. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "BAD_FORMAT", "bad command format",
          "BURIED", "buried",
          "DEADLINE_SOON", "deadline soon",
          "DRAINING", "draining",
          "INTERNAL_ERROR", "internal error",
          "JOB_TOO_BIG", "job too big",
          "NOT_FOUND", "not found",
          "OUT_OF_MEMORY", "server is out of memory",
          "TIMED_OUT", "timeout",
          "UNKNOWN_COMMAND", "unknown command");

  boolean is(String expected) {
    return word.equals(expected);
  }

  /** The number of the job that it is about. */
  long id() throws IOException {
    return number(0);
  }

  long number(int index) throws IOException {
    try {
      return Long.parseUnsignedLong(rest.get(index));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("beanstalkd sent an unknown reply: " + word + " " + rest, e);
    }
  }

  /**
   * This, when it is the expected one.
   *
   * @throws RefusedException when it is another
   */
  TubeReply expect(String expected, String command) throws RefusedException {
    if (!is(expected)) {
      throw new RefusedException(
          command + ": " + TEXTS.getOrDefault(word, "unknown response: " + word));
    }
    return this;
  }
}
