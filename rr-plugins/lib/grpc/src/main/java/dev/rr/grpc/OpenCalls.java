package dev.rr.grpc;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way: what a stop waits for, and who has to hear of it because nothing else would
 * end them. Any thread.
 */
public final class OpenCalls extends ServerStreamTracer.Factory {
  private static final Context.Key<Call> CALL = Context.key("rr-open-call");
  private static final int MOST_NAMED = 5;

  private final Set<Call> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  OpenCalls() {}

  /**
   * Has an action run when the server stops, at once where it does already. For the call that
   * begins on this thread; any thread runs it, once.
   */
  public static void onStop(Runnable action) {
    Call call = CALL.get();
    if (call != null) {
      call.onStop(action);
    }
  }

  /** Tells those who asked for it that the server stops; those who come later as well. */
  void stop() {
    stopping = true;
    open.forEach(Call::tell);
  }

  /**
   * How many there are of each method, as {@code app.Chat/Talk: 3, …}; empty when there are none.
   */
  @Override
  public String toString() {
    Map<String, Long> byMethod =
        open.stream().collect(groupingBy(call -> call.method, TreeMap::new, counting()));
    String named =
        byMethod.entrySet().stream()
            .limit(MOST_NAMED)
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(joining(", "));
    return byMethod.size() > MOST_NAMED ? named + ", …" : named;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Call(method);
  }

  /** One call. */
  private final class Call extends ServerStreamTracer {
    private final String method;
    // Guarded by this.
    private @Nullable Runnable action;

    Call(String method) {
      this.method = method;
    }

    // Where the library refuses a call before, nobody tells its end.
    @Override
    public Context filterContext(Context context) {
      open.add(this);
      return context.withValue(CALL, this);
    }

    @Override
    public void streamClosed(Status status) {
      open.remove(this);
    }

    void onStop(Runnable asked) {
      synchronized (this) {
        if (!stopping) {
          action = asked;
          return;
        }
      }
      asked.run();
    }

    void tell() {
      Runnable told;
      synchronized (this) {
        told = action;
        action = null;
      }
      if (told != null) {
        told.run();
      }
    }
  }
}
