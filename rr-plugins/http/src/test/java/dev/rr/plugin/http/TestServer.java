package dev.rr.plugin.http;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Named;
import dev.rr.api.tls.Certificates;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Server;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
    socket.setSoTimeout(10_000);
    return socket;
  }

  List<String> log() {
    return logged.lines;
  }

  /** Waits for a condition, ten seconds at most. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("gave up waiting");
      }
      Thread.sleep(5);
    }
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

    TestServer start() throws Exception {
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
      Logged logged = new Logged();
      HttpPlugin plugin =
          new HttpPlugin(
              config,
              new NoConfigurer(present),
              new OnePool(pool),
              certificates,
              new TestHost(catalogue),
              n -> log == null ? logged : log);
      plugin.init();
      middleware.forEach((name, link) -> plugin.middleware(new Named(name, 1), link));
      plugin.start();
      return new TestServer(plugin, logged);
    }
  }

  private record OnePool(Pool pool) implements Server {
    @Override
    public Pool pool(String name, PoolConfig config, Map<String, String> env, Log log) {
      return pool;
    }

    @Override
    public List<String> command(PoolConfig config) {
      return List.of("php", "worker.php");
    }

    @Override
    public int uid() {
      return -1;
    }

    @Override
    public int gid() {
      return -1;
    }
  }

  private record TestHost(Catalogue catalogue) implements Host {
    @Override
    public String version() {
      return "0";
    }

    @Override
    public Path configFile() {
      return workDirectory().resolve(".rr.yaml");
    }

    @Override
    public Path workDirectory() {
      return Path.of("").toAbsolutePath();
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public List<String> overrides() {
      return List.of();
    }

    @Override
    public boolean strict() {
      return false;
    }

    @Override
    public Duration gracePeriod() {
      return Duration.ofSeconds(5);
    }

    @Override
    public void fail(String plugin, Throwable cause) {
      throw new AssertionError(plugin, cause);
    }
  }

  private record NoConfigurer(String present) implements Configurer {
    @Override
    public boolean has(String path) {
      return path.equals(present);
    }

    @Override
    public @Nullable String get(String path) {
      return null;
    }

    @Override
    public <T> T bind(Binder<T> binder) {
      throw new AssertionError("nothing is bound here");
    }

    @Override
    public <T> T bind(String path, Binder<T> binder) {
      throw new AssertionError("nothing is bound here");
    }

    @Override
    public Section section(String path, Problems problems) {
      return new PlaceOnly(path, problems);
    }

    @Override
    public Map<String, Object> tree() {
      return Map.of();
    }

    @Override
    public List<Problem> unknownKeys(Collection<Schema> known) {
      return List.of();
    }
  }

  /** A section that knows where it is and nothing else. */
  private record PlaceOnly(String path, Problems problems) implements Section {
    @Override
    public boolean present() {
      return true;
    }

    @Override
    public boolean has(String key) {
      return false;
    }

    @Override
    public List<String> keys() {
      return List.of();
    }

    @Override
    public String string(String key, String fallback) {
      return fallback;
    }

    @Override
    public boolean bool(String key, boolean fallback) {
      return fallback;
    }

    @Override
    public long integer(String key, long fallback, long min, long max) {
      return fallback;
    }

    @Override
    public double decimal(String key, double fallback) {
      return fallback;
    }

    @Override
    public Duration duration(String key, Duration fallback) {
      return fallback;
    }

    @Override
    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
      return fallback;
    }

    @Override
    public List<String> strings(String key, List<String> fallback) {
      return fallback;
    }

    @Override
    public StringOrList stringOrList(String key, StringOrList fallback) {
      return fallback;
    }

    @Override
    public Map<String, String> map(String key) {
      return Map.of();
    }

    @Override
    public Section section(String key) {
      return new PlaceOnly(path + "." + key, problems);
    }

    @Override
    public List<Section> sections(String key) {
      return List.of();
    }

    @Override
    public Map<String, Section> sectionMap(String key) {
      return Map.of();
    }

    @Override
    public Problem.Place place(@Nullable String key) {
      return new Problem.Place(null, 0, key == null ? path : path + "." + key);
    }

    @Override
    public void problem(@Nullable String key, String message) {
      problems.add(new Problem(place(key), message));
    }

    @Override
    public void missing(String key, String expected) {
      problem(key, "is missing; " + expected);
    }
  }
}
