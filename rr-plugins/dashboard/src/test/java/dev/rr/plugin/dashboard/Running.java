package dev.rr.plugin.dashboard;

import dev.rr.api.log.Log;
import dev.rr.api.log.LogTail;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Named;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A dashboard in this JVM, over a server that is not there. */
final class Running implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef";

  final FakeWorkers workers;
  final RecordingLog log = new RecordingLog();
  final List<LogTail.Listener> listeners = new CopyOnWriteArrayList<>();
  final DashboardPlugin plugin;

  private Running(DashboardConfig config, FakeWorkers workers) {
    this.workers = workers;
    this.plugin = plugin(config);
  }

  private DashboardPlugin plugin(DashboardConfig config) {
    LogTail tail =
        listener -> {
          listeners.add(listener);
          return () -> listeners.remove(listener);
        };
    return new DashboardPlugin(config, new ServerOfTests(), name -> log, Optional.of(tail));
  }

  /** One that asks for no token. */
  static Running open(FakeWorkers workers) throws IOException {
    return start(new DashboardConfig("127.0.0.1:0", "", false), workers);
  }

  static Running start(DashboardConfig config, FakeWorkers workers) throws IOException {
    Running running = new Running(config, workers);
    running.plugin.workers(new Named("http", 1), workers);
    running.plugin.resetter(new Named("http", 1), workers);
    running.plugin.start();
    return running;
  }

  int port() {
    return plugin.address().getPort();
  }

  String host() {
    return "127.0.0.1:" + port();
  }

  RawClient connect() throws IOException {
    return RawClient.connect(port());
  }

  /** The whole answer to a request on a connection of its own. */
  String ask(String method, String target, String... headers) throws IOException {
    return send(method, target, "", headers);
  }

  String send(String method, String target, String body, String... headers) throws IOException {
    boolean named = List.of(headers).stream().anyMatch(h -> h.startsWith("Host:"));
    String fields = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    try (RawClient client = connect()) {
      return client
          .send(method + " " + target + " HTTP/1.1\r\n" + (named ? "" : "Host: " + host() + "\r\n"))
          .send(
              fields + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body)
          .readAll();
    }
  }

  /** A page that looks: its stream from the first byte on. */
  RawClient watch() throws IOException {
    return connect().send("GET /events HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
  }

  /** What the page's script sends with everything that changes something. */
  String pageToken() throws IOException {
    String page = ask("GET", "/");
    String before = "name=\"dashboard\" content=\"";
    int at = page.indexOf(before) + before.length();
    return page.substring(at, page.indexOf('"', at));
  }

  void say(Log.Level level, String channel, String message, String attributes) {
    LogTail.Line line = new LogTail.Line(Instant.now(), level, channel, message, attributes);
    listeners.stream().filter(l -> l.takes(level)).forEach(l -> l.line(line));
  }

  @Override
  public void close() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  /** A server of a few plugins. */
  private static final class ServerOfTests implements Host {
    private final FakeHost host = new FakeHost();

    @Override
    public List<PluginStatus> plugins() {
      return List.of(
          new PluginStatus("config", "1.2.3", "live", ""),
          new PluginStatus("logger", "1.2.3", "live", ""),
          new PluginStatus("server", "1.2.3", "live", ""),
          new PluginStatus("http", "1.2.3", "live", ""),
          new PluginStatus("headers", "1.2.3", "disabled", "no section \"http.headers\""));
    }

    @Override
    public List<PluginLink> links() {
      return List.of(
          new PluginLink("config", "logger", "Configurer", true),
          new PluginLink("config", "http", "Configurer", true),
          new PluginLink("server", "http", "Server", true),
          new PluginLink("headers", "http", "Middleware", false));
    }

    @Override
    public String version() {
      return host.version();
    }

    @Override
    public Path configFile() {
      return host.configFile();
    }

    @Override
    public Path workDirectory() {
      return host.workDirectory();
    }

    @Override
    public Map<String, String> environment() {
      return host.environment();
    }

    @Override
    public List<String> overrides() {
      return host.overrides();
    }

    @Override
    public boolean strict() {
      return host.strict();
    }

    @Override
    public Duration gracePeriod() {
      return host.gracePeriod();
    }

    @Override
    public Catalogue catalogue() {
      return host.catalogue();
    }

    @Override
    public void fail(String id, Throwable cause) {
      host.fail(id, cause);
    }
  }
}
