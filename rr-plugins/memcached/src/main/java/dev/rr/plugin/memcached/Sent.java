package dev.rr.plugin.memcached;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Commands on their way to a server.
 *
 * @param again makes the commands once more
 * @param <T> what each answers
 */
record Sent<T>(
    MemcachedServer server, List<TextCommand<T>> commands, Supplier<List<TextCommand<T>>> again) {
  /**
   * Waits for the answers. Commands whose connection has ended go out once more: all that kv has
   * may be done twice.
   *
   * @throws IOException of the first that failed, for the user
   */
  List<T> answers() throws IOException, InterruptedException {
    try {
      return await();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof MemcachedConnection.Ended)) {
        throw told(e);
      }
    }
    Sent<T> second = server.send(again);
    try {
      return second.await();
    } catch (ExecutionException e) {
      throw told(e);
    }
  }

  /** The connection sees to it that this has an end. */
  private List<T> await() throws ExecutionException, InterruptedException {
    List<T> answers = new ArrayList<>(commands.size());
    for (TextCommand<T> command : commands) {
      answers.add(command.get());
    }
    return answers;
  }

  private IOException told(ExecutionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String why = String.valueOf(cause.getMessage());
    return new IOException(why.startsWith("memcache: ") ? why : server.name() + ": " + why, cause);
  }
}
