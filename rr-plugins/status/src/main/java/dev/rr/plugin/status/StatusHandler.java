package dev.rr.plugin.status;

import dev.rr.api.health.Health;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.log.Log;
import dev.rr.http.Faults;
import dev.rr.http.QueryParameters;
import dev.rr.http.RequestPath;
import dev.rr.json.JsonWriter;
import dev.rr.operator.WholeAnswer;
import dev.rr.plugin.status.Check.Told;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Answers probes. Waits for plugins without a thread. */
final class StatusHandler implements HttpHandler {
  private static final String PLUGIN = "plugin";
  private static final String STOPPING = "service is shutting down";

  private final HealthChecks checks;
  private final @Nullable Check<List<PipelineState>> pipelines;
  private final int unavailable;
  private final BooleanSupplier stopping;
  private final Log log;

  /**
   * A handler.
   *
   * @param pipelines null when no plugin has any
   * @param unavailable the status of an answer that says no
   * @param stopping whether the server has begun to stop
   */
  StatusHandler(
      HealthChecks checks,
      @Nullable Check<List<PipelineState>> pipelines,
      int unavailable,
      BooleanSupplier stopping,
      Log log) {
    this.checks = checks;
    this.pipelines = pipelines;
    this.unavailable = unavailable;
    this.stopping = stopping;
    this.log = log;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    switch (RequestPath.of(request.target()).orElse("")) {
      // A server that stops in good order is not to be killed.
      case "/health" -> probe(Probe.LIVE, 200, request, response);
      case "/ready" -> probe(Probe.READY, unavailable, request, response);
      case "/jobs" -> jobs(request, response);
      default -> Faults.answer(response, 404, "404 page not found");
    }
  }

  private void probe(Probe probe, int whileStopping, HttpRequest request, HttpResponse response) {
    if (stopping.getAsBoolean()) {
      Faults.answer(response, whileStopping, STOPPING);
      return;
    }
    List<String> chosen = QueryParameters.values(request.target(), PLUGIN);
    Collection<String> names = chosen.isEmpty() ? checks.names() : chosen;
    Report report = new Report(probe, !chosen.isEmpty(), unavailable);
    checks
        .ask(probe, names)
        .thenAccept(told -> request.execute(() -> answer(report, names, told, response)));
  }

  private void answer(
      Report report,
      Collection<String> names,
      Map<String, Told<Health>> told,
      HttpResponse response) {
    for (String name : names) {
      Told<Health> one = told.get(name);
      if (one == null) {
        log.debug("a plugin that was asked for does not tell how it is", "plugin", name);
      } else {
        report.add(name, one);
      }
    }
    answer(response, report.status(), report.body());
  }

  private void jobs(HttpRequest request, HttpResponse response) {
    if (stopping.getAsBoolean()) {
      Faults.answer(response, unavailable, STOPPING);
    } else if (pipelines == null) {
      noJobs(response);
    } else {
      pipelines.ask().thenAccept(told -> request.execute(() -> answer(told, response)));
    }
  }

  private void answer(Told<List<PipelineState>> told, HttpResponse response) {
    List<PipelineState> states = told.value();
    if (states == null) {
      log.error("the state of the pipelines is not known", "error", told.error());
      noJobs(response);
    } else {
      answer(response, 200, JsonWriter.write(states.stream().map(StatusHandler::row).toList()));
    }
  }

  private void noJobs(HttpResponse response) {
    Faults.answer(response, unavailable, "jobs plugin not found");
  }

  private static Map<String, Object> row(PipelineState state) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("pipeline", state.pipeline());
    row.put("priority", state.priority());
    row.put("ready", state.ready());
    row.put("queue", state.queue());
    row.put("active", state.active());
    row.put("delayed", state.delayed());
    row.put("reserved", state.reserved());
    row.put("driver", state.driver());
    row.put("error_message", state.errorMessage());
    return row;
  }

  private static void answer(HttpResponse response, int status, byte[] body) {
    HttpHeaders headers = new HttpHeaders().add("Content-Type", "text/plain; charset=utf-8");
    WholeAnswer.send(response, status, headers, body);
  }
}
