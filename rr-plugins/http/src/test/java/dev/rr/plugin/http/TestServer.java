package dev.rr.plugin.http;

import dev.rr.api.config.Problems;
import dev.rr.api.config.StringOrList;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.api.tls.Certificates;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakeServer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The plugin on a free port of the loopback interface, with everything around it made up. */
final class TestServer implements AutoCloseable {
  private final HttpPlugin plugin;
  private final Logged logged;
  private boolean stopped;

  private TestServer(HttpPlugin plugin, Logged logged) {
    this.plugin = plugin;
    this.logged = logged;
  }

  /** Starts with a pool and every key at its default. */
  static TestServer start(Pool pool) throws Exception {
    return with(pool).start();
  }

  static Builder with(Pool pool) {
    return new Builder(pool);
  }

  int port() {
    return ((InetSocketAddress) plugin.bound().getFirst()).getPort();
  }

  /** The port of the second address bound, for TLS beside plain. */
  int lastPort() {
    return ((InetSocketAddress) plugin.bound().getLast()).getPort();
  }

  HttpPlugin plugin() {
    return plugin;
  }

  URI uri(String target) {
    return URI.create("http://127.0.0.1:" + port() + target);
  }

  Socket connect() throws Exception {
    Socket socket = new Socket("127.0.0.1", port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  List<String> log() {
    return logged.lines;
  }

  /** Waits for a condition, as long as {@link Await} does. */
  static void await(BooleanSupplier condition) {
    Await.until("the condition of the test", condition);
  }

  void stop(Duration grace) throws Exception {
    stopped = true;
    plugin.stop(Deadline.after(grace));
  }

  @Override
  public void close() throws Exception {
    if (!stopped) {
      stop(Duration.ofSeconds(5));
    }
  }

  /** Log lines as text. */
  static final class Logged implements Log {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public boolean enabled(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, String message, @Nullable Throwable error, @Nullable Object... attributes) {
      StringBuilder line = new StringBuilder(level + " " + message);
      for (int i = 0; i + 1 < attributes.length; i += 2) {
        line.append(' ').append(attributes[i]).append('=').append(attributes[i + 1]);
      }
      lines.add(error == null ? line.toString() : line + " " + error);
    }
  }

  /** What can be set before the start. */
  static final class Builder {
    private final Pool pool;
    private final Map<String, Middleware> middleware = new LinkedHashMap<>();
    private final Map<String, HttpUpgrade> upgrades = new LinkedHashMap<>();
    private String address = "127.0.0.1:0";
    private HttpConfig.Order order = HttpConfig.Order.FIRST_FIRST;
    private long maxRequestSize;
    private long maxFormSize = 32;
    private boolean rawBody;
    private boolean accessLogs;
    private int internalErrorCode;
    private HttpConfig.Codec codec = HttpConfig.Codec.JSON;
    private int maxConnections;
    private HttpConfig.Uploads uploads = new HttpConfig.Uploads("", List.of(), List.of());
    private PoolConfig poolConfig = PoolConfig.of(1);
    private Optional<HttpConfig.Ssl> ssl = Optional.empty();
    private HttpConfig.Http2 http2 = new HttpConfig.Http2(false, 0);
    private HttpConfig.Fcgi fcgi = new HttpConfig.Fcgi("");
    private HttpConfig.Timeouts timeouts =
        new HttpConfig.Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private final List<String> names = new ArrayList<>();
    private Catalogue catalogue = Catalogue.EMPTY;
    private @Nullable Log log;
    private String present = "";
    private Optional<Long> budget = Optional.empty();
    private Optional<Certificates> certificates = Optional.empty();

    private Builder(Pool pool) {
      this.pool = pool;
    }

    Builder address(String text) {
      address = text;
      return this;
    }

    Builder middleware(String name, Middleware link) {
      middleware.put(name, link);
      names.add(name);
      return this;
    }

    Builder upgrade(String protocol, HttpUpgrade offer) {
      upgrades.put(protocol, offer);
      return this;
    }

    Builder names(String... listed) {
      names.addAll(List.of(listed));
      return this;
    }

    Builder catalogue(Catalogue known) {
      catalogue = known;
      return this;
    }

    Builder order(HttpConfig.Order value) {
      order = value;
      return this;
    }

    Builder maxRequestSize(long megabytes) {
      maxRequestSize = megabytes;
      return this;
    }

    Builder maxFormSize(long megabytes) {
      maxFormSize = megabytes;
      return this;
    }

    Builder rawBody() {
      rawBody = true;
      return this;
    }

    Builder accessLogs() {
      accessLogs = true;
      return this;
    }

    Builder internalErrorCode(int status) {
      internalErrorCode = status;
      return this;
    }

    Builder codec(HttpConfig.Codec value) {
      codec = value;
      return this;
    }

    Builder maxConnections(int count) {
      maxConnections = count;
      return this;
    }

    Builder uploads(String dir, List<String> forbid, List<String> allow) {
      uploads = new HttpConfig.Uploads(dir, forbid, allow);
      return this;
    }

    Builder debug() {
      poolConfig =
          new PoolConfig(
              true,
              StringOrList.EMPTY,
              1,
              0,
              0,
              Duration.ZERO,
              Duration.ZERO,
              Duration.ZERO,
              Duration.ZERO,
              Optional.empty(),
              Optional.empty());
      return this;
    }

    Builder ssl(HttpConfig.Ssl value) {
      ssl = Optional.of(value);
      return this;
    }

    /** Has the configuration say that this key path is there. */
    Builder present(String path) {
      present = path;
      return this;
    }

    Builder certificates(Certificates managed) {
      certificates = Optional.of(managed);
      return this;
    }

    Builder quiet(Log instead) {
      log = instead;
      return this;
    }

    Builder h2c() {
      http2 = new HttpConfig.Http2(true, 0);
      return this;
    }

    /** Speaks FastCGI there, and nothing else anywhere. */
    Builder fcgi(String where) {
      address = "";
      fcgi = new HttpConfig.Fcgi(where);
      return this;
    }

    Builder timeouts(Duration header, Duration read, Duration write, Duration idle) {
      timeouts = new HttpConfig.Timeouts(header, read, write, idle);
      return this;
    }

    /** Lets everything that waits hold so many bytes together. */
    Builder budget(long bytes) {
      budget = Optional.of(bytes);
      return this;
    }

    TestServer start() throws Exception {
      Logged logged = new Logged();
      HttpPlugin plugin = plugin(logged);
      Problems problems = new Problems();
      plugin.check(problems);
      problems.throwIfAny();
      try {
        plugin.start();
      } catch (Exception e) {
        plugin.stop(Deadline.after(Duration.ofSeconds(5)));
        throw e;
      }
      return new TestServer(plugin, logged);
    }

    /** The plugin before its check and its start. */
    HttpPlugin plugin() {
      return plugin(new Logged());
    }

    private HttpPlugin plugin(Logged logged) {
      HttpConfig config =
          new HttpConfig(
              address,
              names,
              order,
              maxRequestSize,
              maxFormSize,
              rawBody,
              accessLogs,
              internalErrorCode,
              codec,
              maxConnections,
              uploads,
              poolConfig,
              ssl,
              http2,
              fcgi,
              timeouts);
      HttpPlugin plugin =
          new HttpPlugin(
              config,
              new FakeConfigurer(present),
              new FakeServer(pool),
              certificates,
              new FakeHost(Path.of("").toAbsolutePath(), Map.of(), catalogue),
              n -> log == null ? logged : log);
      budget.ifPresent(bytes -> plugin.budget(new MemoryBudget(bytes)));
      middleware.forEach((name, link) -> plugin.middleware(new Named(name, 1), link));
      upgrades.forEach((name, offer) -> plugin.upgrade(new Named("test", 1, name), offer));
      return plugin;
    }
  }
}
