package dev.rr.plugin.beanstalk;

import dev.rr.net.Address;
import dev.rr.net.ClientSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The server, as one pipeline sees it. Immutable.
 *
 * @param folder where the path of a unix socket begins
 * @param timeout how long a connection and an answer may take, and a job be silent
 * @param pipeline its name, for names of threads
 */
record BeanstalkServer(Address address, Path folder, Duration timeout, String pipeline) {
  /** Connects. */
  BeanstalkConnection dial(String use) throws IOException {
    try {
      return new BeanstalkConnection(
          ClientSocket.dial(thread(use), address.reach(folder), timeout), toString(), timeout);
    } catch (IOException e) {
      throw new IOException("cannot connect to " + this + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  String thread(String use) {
    return "rr-beanstalk-" + pipeline + "-" + use;
  }

  /** Whole seconds, as the protocol counts, at least one. */
  long timeToRun() {
    return Math.max(1, seconds(timeout));
  }

  /** Rounded up. */
  static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }

  @Override
  public String toString() {
    return "beanstalkd at " + address.text();
  }
}
