package dev.rr.plugin.memcached;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Commands on their way to a server.
 *
 * @param timeout from one answer to the next
 * @param <T> what each answers
 */
record Sent<T>(
    MemcachedServer server,
    MemcachedConnection connection,
    List<Command<T>> commands,
    Supplier<List<Command<T>>> again,
    Duration timeout) {
  /**
   * Waits for the answers. Commands whose connection has ended go out once more: all that kv has
   * may be done twice.
   *
   * @throws IOException of the first that failed, for the user
   */
  List<T> answers() throws IOException, InterruptedException {
    try {
      return await();
    } catch (MemcachedConnection.Ended e) {
      return server.send(again).await();
    }
  }

  private List<T> await() throws IOException, InterruptedException {
    List<T> answers = new ArrayList<>(commands.size());
    try {
      for (Command<T> command : commands) {
        answers.add(command.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
      }
      return answers;
    } catch (TimeoutException e) {
      server.replace(connection);
      throw new IOException(server.name() + ": no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }
}
