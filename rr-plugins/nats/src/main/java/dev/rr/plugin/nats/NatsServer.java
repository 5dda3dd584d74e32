package dev.rr.plugin.nats;

import dev.rr.api.log.Log;
import dev.rr.net.Reconnector;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The connection that all pipelines share. One that is lost is replaced, not revived: whoever uses
 * it hears of its end at once, and nothing waits in it for a server that is away. Any thread.
 */
final class NatsServer {
  /** How long a connection may take. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration PING = Duration.ofSeconds(10);
  private static final long LOOK_MILLIS = 50;
  static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final List<String> servers;
  private final Log log;
  private final ThreadFactory thread = Thread.ofVirtual().name("rr-nats-client").factory();
  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(thread);
  private final ExecutorService callbacks = Executors.newSingleThreadExecutor(thread);
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("rr-nats-timer").factory());
  private final Reconnector<Connection> connections =
      new Reconnector<>("nats-server", "rr-nats-dial", PAUSES, new Peer());
  private final AtomicInteger users = new AtomicInteger();

  /** One that is not connected. */
  NatsServer(List<String> servers, Log log) {
    this.servers = servers;
    this.log = log;
    timer.setRemoveOnCancelPolicy(true);
  }

  // ---- who uses it -----------------------------------------------------------------------------

  /** The connection; waits for one as long as it is told. */
  Connection connection(Duration longest) throws IOException, InterruptedException {
    Connection made = connections.get(longest);
    if (made.getStatus() == Connection.Status.CONNECTED) {
      return made;
    }
    connections.lost(made);
    return connections.get(longest);
  }

  /** The connection; null while there is none. */
  @Nullable Connection current() {
    Connection made = connections.current();
    return made != null && made.getStatus() == Connection.Status.CONNECTED ? made : null;
  }

  /** The connection; waits until there is one, and does not hurry who dials. */
  Connection await() throws InterruptedException {
    while (true) {
      Connection made = current();
      if (made != null) {
        return made;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** For what is to be done again and again. */
  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  /** A pipeline is open: from now on the server is expected to be there. */
  void used() {
    users.incrementAndGet();
  }

  /** A pipeline that was open is not any more. */
  void released() {
    users.decrementAndGet();
  }

  /** Ends everything. A second call does nothing. */
  void close(Duration longest) throws InterruptedException {
    Connection last = connections.close(longest);
    if (last != null) {
      last.close();
    }
    timer.shutdownNow();
    callbacks.shutdown();
    threads.shutdown();
  }

  @Override
  public String toString() {
    return "nats-server at "
        + servers.stream().map(NatsServer::withoutUser).collect(Collectors.joining(","));
  }

  /** An address as it may be shown: a user may be a token. */
  static String withoutUser(String server) {
    return server.replaceAll("^([^/]*://)?.*@", "$1");
  }

  /** A text of the client as it may be shown, with addresses in it. */
  private static String withoutUsers(String text) {
    return text.replaceAll("://[^\\s,]*@", "://");
  }

  // ---- how it is made --------------------------------------------------------------------------

  private Connection dial() throws IOException, InterruptedException {
    Events events = new Events();
    try {
      return Nats.connect(options(events));
    } catch (IOException e) {
      // Not as the cause: it names the servers with their users and passwords.
      throw new IOException("cannot connect to " + this + ": " + events.reason(e));
    }
  }

  private Options options(Events events) {
    return new Options.Builder()
        .servers(servers.toArray(String[]::new))
        .connectionName("rr")
        .dataPortType(HeaderPort.class.getName())
        .noReconnect()
        .ignoreDiscoveredServers()
        .noEcho()
        .reportNoResponders()
        .connectionTimeout(TIMEOUT)
        .pingInterval(PING)
        .connectionListener(events)
        .errorListener(events)
        .executor(threads)
        .scheduledExecutor(timer)
        .connectExecutor(threads)
        .callbackExecutor(callbacks)
        .build();
  }

  private final class Peer implements Reconnector.Peer<Connection> {
    private volatile boolean warned;

    @Override
    public Connection dial() throws IOException, InterruptedException {
      return NatsServer.this.dial();
    }

    @Override
    public void connected(Connection connection) {
      if (connection.getStatus() != Connection.Status.CONNECTED) {
        connections.lost(connection);
      }
    }

    @Override
    public void discard(Connection connection) {
      threads.execute(() -> {
        try {
          connection.close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }

    @Override
    public void down(IOException cause) {
      // Before a pipeline is open, whoever opens one tells.
      warned = users.get() > 0;
      if (warned) {
        log.warn("connection lost, it is tried again", "error", String.valueOf(cause.getMessage()));
      }
    }

    @Override
    public void up() {
      if (warned) {
        log.info("connected again", "server", NatsServer.this.toString());
      }
    }
  }

  /** What the client tells of one connection. */
  private final class Events implements ConnectionListener, ErrorListener {
    private volatile @Nullable String last;

    /** What the client has told, behind whatever it tells just now. */
    String reason(IOException e) throws InterruptedException {
      try {
        String told = callbacks.submit(() -> last).get();
        return withoutUsers(told == null ? String.valueOf(e.getMessage()) : told);
      } catch (ExecutionException | RejectedExecutionException closed) {
        return withoutUsers(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void connectionEvent(Connection connection, ConnectionListener.Events type) {
      if (type == ConnectionListener.Events.CLOSED
          || type == ConnectionListener.Events.DISCONNECTED) {
        connections.lost(connection);
      }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
      told(error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception e) {
      told(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private void told(String error) {
      last = error;
      log.debug("the client of nats-server tells", "error", withoutUsers(error));
    }
  }
}
