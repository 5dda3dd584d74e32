package dev.rr.plugin.dashboard;

import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.log.Log;
import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the buttons do: {@code POST /pools/NAME/reset}, {@code …/add} and {@code …/remove}. One at a
 * time for each pool, on a virtual thread; how long one may take is the pool's to say.
 */
final class Actions {
  private static final Pattern PATH = Pattern.compile("/pools/([^/]+)/(reset|add|remove)");

  private final Collected collected;
  private final Log log;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  Actions(Collected collected, Log log) {
    this.collected = collected;
    this.log = log;
  }

  private interface Action {
    void run() throws InterruptedException;
  }

  /** Answers once it is done. On the request's loop. */
  void act(String path, HttpRequest request, HttpResponse response) {
    Matcher parts = PATH.matcher(path);
    Action action = parts.matches() ? action(parts.group(1), parts.group(2)) : null;
    if (action == null) {
      Answers.json(response, 404, Map.of("error", "there is no such button"));
      return;
    }
    String pool = parts.group(1);
    if (!busy.add(pool)) {
      Answers.json(response, 409, Map.of("error", "something is being done to " + pool + " now"));
      return;
    }
    String client = request.remoteAddress();
    request.offload(() -> {
      String fault = run(action, pool, parts.group(2), client);
      request.execute(() -> {
        if (fault == null) {
          Answers.json(response, 200, Map.of("done", parts.group(2)));
        } else {
          Answers.json(response, 500, Map.of("error", fault));
        }
      });
    });
  }

  private @Nullable Action action(String pool, String word) {
    Resetter resetter = collected.resetters().get(pool);
    WorkerManager manager = collected.managers().get(pool);
    return switch (word) {
      case "reset" -> resetter == null ? null : resetter::reset;
      case "add" -> manager == null ? null : manager::addWorker;
      default -> manager == null ? null : manager::removeWorker;
    };
  }

  /** What went wrong; null when nothing did. */
  private @Nullable String run(Action action, String pool, String word, String client) {
    try {
      log.info("asked for by the dashboard", "action", word, "plugin", pool, "client", client);
      action.run();
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the server stops";
    } catch (RuntimeException e) {
      log.log(Log.Level.ERROR, "failed", e, "action", word, "plugin", pool);
      return String.valueOf(e.getMessage());
    } finally {
      busy.remove(pool);
    }
  }
}
