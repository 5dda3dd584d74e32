package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.broadcast.Broadcaster;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.testing.broadcast.InMemoryPubSub;
import dev.rr.testing.http.FakeRequest;
import dev.rr.testing.http.FakeResponse;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The plugin with its section as YAML, a broker in memory, and PHP as a piece of Java. */
final class Site implements AutoCloseable {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  final RecordingLog log = new RecordingLog();
  final FakePool pool;
  final WebsocketsPlugin plugin;
  final Broker broker = new Broker();

  /** A broker of which one listens, and which can refuse and interrupt. */
  static final class Broker implements Broadcaster {
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private volatile PubSub.@Nullable Listener listener;
    private volatile @Nullable InMemoryPubSub pubSub;
    private volatile boolean broken;

    @Override
    public boolean has(String name) {
      return name.equals("main");
    }

    @Override
    public Subscription listen(String name, PubSub.Listener to) {
      if (broken) {
        throw new IllegalArgumentException("the broker is broken");
      }
      InMemoryPubSub made = new InMemoryPubSub(to);
      listener = to;
      pubSub = made;
      return new Subscription() {
        private final Set<String> topics = new HashSet<>();

        @Override
        public synchronized CompletionStage<Void> subscribe(String topic) {
          if (refused.contains(topic)) {
            return CompletableFuture.failedFuture(new IOException("refused"));
          }
          topics.add(topic);
          return made.subscribe(topic);
        }

        @Override
        public synchronized void unsubscribe(String topic) {
          topics.remove(topic);
          made.unsubscribe(topic);
        }

        @Override
        public synchronized void close() {
          topics.forEach(made::unsubscribe);
        }
      };
    }

    /** From now on nobody can listen. */
    void breakDown() {
      broken = true;
    }

    void refuse(String topic) {
      refused.add(topic);
    }

    void interrupt() {
      PubSub.Listener to = listener;
      if (to != null) {
        to.interrupted();
      }
    }

    Set<String> topics() {
      InMemoryPubSub opened = pubSub;
      return opened == null ? Set.of() : opened.topics();
    }

    void publish(String topic, String payload) {
      InMemoryPubSub opened = pubSub;
      if (opened != null) {
        opened.publish(List.of(new Publication(topic, payload.getBytes(UTF_8))));
      }
    }
  }

  private Site(Path folder, String http, String more, FakePool pool) {
    this.pool = pool;
    try {
      Path file = folder.resolve(".rr.yaml");
      Files.writeString(
          file,
          "version: \"3\"\n"
              + http
              + "\nwebsockets: {"
              + (more.contains("broker:") ? "" : "broker: main")
              + more
              + "}\n");
      Configuration configuration = Configuration.read(file);
      plugin =
          new WebsocketsPlugin(
              configuration.bind(WebsocketsConfigBinder.INSTANCE),
              configuration,
              new FakeServer(pool),
              broker,
              new FakeHost(folder),
              name -> log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that has started; more keys begin with a comma. */
  static Site start(Path folder, String more, FakePool pool) throws Exception {
    Site site = of(folder, more, pool);
    if (!FoundProblems.of(site.plugin).isEmpty()) {
      throw new AssertionError(FoundProblems.of(site.plugin));
    }
    site.plugin.start();
    return site;
  }

  static Site of(Path folder, String more, FakePool pool) {
    return new Site(folder, "http: {middleware: [websockets]}", more, pool);
  }

  /** One that nobody can reach. */
  static Site withoutHttp(Path folder) {
    return new Site(folder, "", "", php());
  }

  /** PHP that says yes to everything, but for topics that begin with {@code no}. */
  static FakePool php() {
    return new FakePool((request, reply) ->
        FakePool.answer(
            reply,
            request.context().contains("ws:joinTopics\":\"no")
                ? "{\"status\":401,\"headers\":{}}"
                : "{\"status\":200,\"headers\":[]}",
            ""));
  }

  static FakeRequest handshake() {
    return FakeRequest.get("/ws?a=b")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", KEY);
  }

  Connection connect() {
    return connect(handshake());
  }

  Connection connect(FakeRequest request) {
    Connection connection = new Connection();
    plugin.upgrade().upgrade(request, new FakeResponse(), connection);
    return connection;
  }

  /** The answer to a request that is not to be taken over. */
  FakeResponse refused(FakeRequest request) {
    Connection connection = new Connection();
    FakeResponse response = new FakeResponse();
    plugin.upgrade().upgrade(request, response, connection);
    Await.until("an answer", response::ended);
    if (connection.isAccepted()) {
      throw new AssertionError("it was taken over");
    }
    return response;
  }

  /** A request to the middleware. */
  FakeResponse get(FakeRequest request) {
    FakeResponse response = new FakeResponse();
    HttpHandler handler =
        plugin
            .middleware()
            .wrap((r, out) -> {
              out.head(299, new HttpHeaders());
              out.end();
            });
    handler.handle(request, response);
    return response;
  }

  @Override
  public void close() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }
}
