package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.http.Faults;
import dev.rr.net.Address;
import io.undertow.UndertowOptions;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * A plain HTTP/1 listener: one address, one handler. The handler is called on an IO thread and must
 * not block it; it moves what blocks away with {@link dev.rr.api.http.HttpRequest#offload}. Any
 * thread may start and stop a server.
 */
public final class OperatorServer {
  /** Of Undertow, in bytes; a head being written holds one. */
  private static final int BUFFER = 16 * 1024;

  private final XnioWorker worker;
  private final AcceptingChannel<? extends StreamConnection> listener;
  private final HttpOpenListener connections;
  private final GracefulShutdownHandler requests;
  private final Log log;
  private final AtomicBoolean stopped = new AtomicBoolean();

  private OperatorServer(
      XnioWorker worker,
      AcceptingChannel<? extends StreamConnection> listener,
      HttpOpenListener connections,
      GracefulShutdownHandler requests,
      Log log) {
    this.worker = worker;
    this.listener = listener;
    this.connections = connections;
    this.requests = requests;
    this.log = log;
  }

  /**
   * Listens.
   *
   * @param name of its threads
   * @param key the key path of the address, for messages
   * @param address whose name, if it has one, is looked up here
   * @throws IOException when it cannot, in one sentence for the user; nothing is left behind
   */
  public static OperatorServer start(
      String name,
      String key,
      Address.Tcp address,
      HttpHandler handler,
      OperatorLimits limits,
      Log log)
      throws IOException {
    AcceptFailures.tell(log);
    XnioWorker worker = Xnio.getInstance().createWorker(threads(name));
    try {
      GracefulShutdownHandler requests =
          new GracefulShutdownHandler(carrier -> serve(carrier, handler, limits, log));
      HttpOpenListener connections =
          new HttpOpenListener(
              new DefaultByteBufferPool(false, BUFFER, -1, 4),
              OptionMap.create(UndertowOptions.NO_REQUEST_TIMEOUT, -1));
      connections.setRootHandler(requests);
      MemoryBudget budget = new MemoryBudget(limits.memory());
      ChannelListener<StreamConnection> opened =
          connection -> {
            RequestConduit in = new RequestConduit(connection, limits, budget, log);
            connection.getSourceChannel().setConduit(in);
            connection.getSourceChannel().setCloseListener(source -> in.readsEnded());
            connections.handleEvent(connection);
          };
      AcceptingChannel<? extends StreamConnection> listener =
          worker.createStreamConnectionServer(
              address.resolve(), ChannelListeners.openListenerAdapter(opened), sockets(limits));
      listener.resumeAccepts();
      return new OperatorServer(worker, listener, connections, requests, log);
    } catch (IOException e) {
      worker.shutdownNow();
      throw address.cannotListen(key, e);
    } catch (RuntimeException e) {
      worker.shutdownNow();
      throw e;
    }
  }

  private static OptionMap threads(String name) {
    return OptionMap.builder()
        .set(Options.WORKER_NAME, name)
        .set(Options.WORKER_IO_THREADS, Math.min(2, Runtime.getRuntime().availableProcessors()))
        .set(Options.WORKER_TASK_CORE_THREADS, 1)
        .set(Options.WORKER_TASK_MAX_THREADS, 1)
        .getMap();
  }

  private static OptionMap sockets(OperatorLimits limits) {
    return OptionMap.builder()
        .set(Options.TCP_NODELAY, true)
        .set(Options.REUSE_ADDRESSES, true)
        .set(Options.BACKLOG, 1000)
        .set(Options.CONNECTION_HIGH_WATER, limits.connections())
        .set(Options.CONNECTION_LOW_WATER, limits.connections())
        .getMap();
  }

  private static void serve(
      HttpServerExchange carrier, HttpHandler handler, OperatorLimits limits, Log log) {
    AbstractServerConnection connection = (AbstractServerConnection) carrier.getConnection();
    RequestConduit in = (RequestConduit) connection.getOriginalSourceConduit();
    OperatorRequest request = in.request();
    OperatorExchange exchange = new OperatorExchange(in.loop(), carrier, request, limits.write());
    in.begin(carrier, exchange);
    HttpFault fault = request.fault();
    carrier.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> {
          if (fault == null) {
            exchange.answerBy(handler);
          } else {
            log.debug("request refused", "status", fault.status(), "reason", fault.getMessage());
            Faults.answer(exchange, fault);
          }
        });
  }

  /** Where it listens; tells the port when it was asked for port 0. */
  public InetSocketAddress address() {
    return listener.getLocalAddress(InetSocketAddress.class);
  }

  /**
   * Takes no more requests, finishes those under way while there is time, and closes. A second call
   * does nothing.
   */
  public void stop(Deadline deadline) throws InterruptedException {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    IoUtils.safeClose(listener);
    requests.shutdown();
    if (!requests.awaitShutdown(deadline.remaining().toMillis())) {
      log.warn("requests were still being answered when the time to stop was over");
    }
    connections.closeConnections();
    worker.shutdownNow();
  }
}
