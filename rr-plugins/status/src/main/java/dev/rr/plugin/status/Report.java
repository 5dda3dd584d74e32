package dev.rr.plugin.status;

import dev.rr.api.health.Health;
import dev.rr.json.JsonWriter;
import dev.rr.plugin.status.Check.Told;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows about plugins as they are shown, and the status that they add up to. One thread. */
final class Report {
  private final Probe probe;
  private final boolean chosen;
  private final int unavailable;
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private int status = 200;

  /**
   * An empty report.
   *
   * @param chosen whether the watcher named plugins
   * @param unavailable the status of an answer that says no
   */
  Report(Probe probe, boolean chosen, int unavailable) {
    this.probe = probe;
    this.chosen = chosen;
    this.unavailable = unavailable;
  }

  /** Adds a plugin. */
  void add(String plugin, Told<Health> told) {
    Health health = told.value();
    if (told.late()) {
      // Upstream would still be waiting, and the watcher would have given up.
      fail(plugin, told.error(), unavailable, true);
    } else if (health == null) {
      fail(plugin, told.error(), probe.failure(chosen, unavailable), probe.failureShows(chosen));
    } else if (health.status() >= 500) {
      fail(plugin, "internal server error, see logs", unavailable, true);
    } else {
      boolean known = health.status() >= 100 && health.status() <= 400;
      row(plugin, known ? "" : "unexpected status code", health.status());
    }
  }

  private void fail(String plugin, String error, int code, boolean shows) {
    row(plugin, error, code);
    if (shows) {
      status = unavailable;
    }
  }

  private void row(String plugin, String error, int code) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("plugin_name", plugin);
    row.put("error_message", error);
    row.put("status_code", code);
    rows.add(row);
  }

  /** The status of the answer. */
  int status() {
    return status;
  }

  /** The body of the answer. */
  byte[] body() {
    return JsonWriter.write(rows);
  }
}
