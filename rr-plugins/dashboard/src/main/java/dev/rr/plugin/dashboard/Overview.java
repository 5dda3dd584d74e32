package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.health.Health;
import dev.rr.api.plugin.Host;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.json.JsonWriter;
import dev.rr.plugin.dashboard.History.Point;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns samples into the events that the page gets, and remembers what rates need. One thread. */
final class Overview {
  private static final long LIVE_NANOS = 1_000_000_000;

  private final Collected collected;
  private final Host host;
  private final LogRing log;
  private final Asked<Pipelines> pipelines;
  private final Asked<List<List<Object>>> health;
  private final History history = new History();
  private final Executions executions = new Executions();
  private final ServerProcess process = new ServerProcess();
  private final Rate requests = new Rate();
  private final Rate failed = new Rate();
  private final Rate requestsOfPoint = new Rate();
  private final Rate failedOfPoint = new Rate();
  private final long started = System.currentTimeMillis();

  private double total;
  private @Nullable Latencies latenciesBefore;
  private int mostQueued;
  private long shown;

  Overview(Collected collected, Host host, LogRing log) {
    this.collected = collected;
    this.host = host;
    this.log = log;
    this.pipelines =
        new Asked<>(
            "dashboard-pipelines",
            5 * LIVE_NANOS,
            () -> Pipelines.ask(collected.reporters()),
            Pipelines.none(collected.reporters()));
    this.health = new Asked<>("dashboard-health", LIVE_NANOS, this::health, List.of());
  }

  /** Asks those who may take their time; called while somebody watches. */
  void ask(long nanos) {
    pipelines.refresh(nanos);
    health.refresh(nanos);
  }

  /** Waits for nobody any more. */
  void stop() {
    pipelines.stop();
    health.stop();
  }

  /** Takes note of a sample; called with each, before it is told to anybody. */
  void look(Sample sample) {
    double counted = sample.figures().requests();
    long executed = executions.look(sample.workers());
    total = counted >= 0 ? counted : executed;
    requests.look(total, sample.nanos());
    failed.look(sample.figures().failed(), sample.nanos());
    process.look(sample.nanos());
    mostQueued = Math.max(mostQueued, sample.queued());
  }

  /** What a page gets first: the past, and what does not change. */
  byte[] hello(Sample sample) {
    Map<String, Object> hello = new LinkedHashMap<>();
    hello.put("version", host.version());
    hello.put("started", started);
    hello.put("folder", host.workDirectory().toString());
    hello.put("period", History.PERIOD_MILLIS);
    hello.put("history", history.json());
    hello.put("plugins", host.plugins().stream().map(Overview::json).toList());
    hello.put("links", host.links().stream().map(Overview::json).toList());
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    add(events, "hello", hello);
    // All lines up to the one that everybody has got: the rest comes with the next state.
    add(events, "log", log.after(0).json());
    shown = log.after(0).last();
    add(events, "state", state(sample));
    return events.toByteArray();
  }

  private static Map<String, Object> json(Host.PluginStatus plugin) {
    return Map.of(
        "id", plugin.id(),
        "version", plugin.version(),
        "state", plugin.state(),
        "reason", plugin.reason());
  }

  private static List<Object> json(Host.PluginLink link) {
    return List.of(link.from(), link.to(), link.contract(), link.required());
  }

  /** Adds a point to the past; the event that tells it. */
  byte[] point(Sample sample) {
    Latencies now = sample.figures().latencies();
    Latencies since = now == null || latenciesBefore == null ? now : now.minus(latenciesBefore);
    latenciesBefore = now;
    requestsOfPoint.look(total, sample.nanos());
    failedOfPoint.look(sample.figures().failed(), sample.nanos());
    Point point =
        new Point(
            sample.millis(),
            requestsOfPoint.perSecond(),
            failedOfPoint.perSecond(),
            mostQueued,
            sample.working(),
            sample.workers().size(),
            sample.memory(),
            since);
    mostQueued = 0;
    history.add(point);
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    add(events, "point", point.json());
    return events.toByteArray();
  }

  /** What has changed since everybody was told last. */
  byte[] changes(Sample sample) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    LogRing.Tail tail = log.after(shown);
    shown = tail.last();
    if (!tail.lines().isEmpty()) {
      add(events, "log", tail.json());
    }
    add(events, "state", state(sample));
    return events.toByteArray();
  }

  private Map<String, Object> state(Sample sample) {
    Figures figures = sample.figures();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("at", sample.millis());
    state.put("counted", figures.requests() >= 0);
    state.put("requests", requests.perSecond());
    state.put("failed", failed.perSecond());
    state.put("running", figures.running());
    state.put("minute", Latencies.shown(minute(figures.latencies())));
    state.put("hour", Latencies.shown(history.lastHour()));
    state.put("server", process.json());
    state.put("pools", sample.pools().entrySet().stream().map(this::pool).toList());
    state.put("pipelines", pipelines.last().json());
    state.put("health", health.last());
    state.put("figures", figures.others());
    return state;
  }

  /** The last points, and what came since. */
  private @Nullable Latencies minute(@Nullable Latencies now) {
    Latencies points = history.lastMinute();
    if (now == null || latenciesBefore == null) {
      return points == null ? now : points;
    }
    Latencies since = now.minus(latenciesBefore);
    return points == null ? since : points.plus(since);
  }

  private Map<String, Object> pool(Map.Entry<String, Sample.Pool> pool) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", pool.getKey());
    json.put("queued", pool.getValue().queued());
    json.put("resettable", collected.resetters().containsKey(pool.getKey()));
    json.put("workers", pool.getValue().workers().stream().map(Overview::json).toList());
    return json;
  }

  private static List<Object> json(WorkerSnapshot worker) {
    List<Object> all = new ArrayList<>();
    all.add(worker.pid());
    all.add(worker.status());
    all.add(worker.numExecs());
    all.add(worker.created() / 1_000_000);
    all.add(worker.memoryUsage());
    all.add(Math.round(worker.cpuPercent() * 10) / 10.0);
    if (!worker.command().isEmpty()) {
      all.add(worker.command());
    }
    return all;
  }

  private List<List<Object>> health() {
    return collected.checks().entrySet().stream()
        .map(e ->
            List.<Object>of(e.getKey(), status(e.getValue()::live), status(e.getValue()::ready)))
        .toList();
  }

  private interface Question {
    Health ask() throws Exception;
  }

  private static Object status(Question question) {
    try {
      return question.ask().status();
    } catch (Exception e) {
      return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
  }

  private static void add(ByteArrayOutputStream events, String name, Object data) {
    events.writeBytes(("event: " + name + "\ndata: ").getBytes(UTF_8));
    events.writeBytes(JsonWriter.write(data));
    events.writeBytes("\n\n".getBytes(UTF_8));
  }
}
