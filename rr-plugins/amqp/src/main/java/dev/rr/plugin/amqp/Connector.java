package dev.rr.plugin.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.rr.api.plugin.Deadline;
import dev.rr.tls.ClientTls;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to the broker, all with the same threads. Any thread.
 *
 * @param address where it is
 * @param tls files for TLS; empty for those of the system
 * @param workers runs what the client calls back
 * @param heartbeat tells the broker that connections live
 */
record Connector(
    BrokerAddress address,
    Optional<ClientTls> tls,
    ExecutorService workers,
    ScheduledExecutorService heartbeat) {
  /** Upstream's client asks for the same; after twice that without a sign the peer is gone. */
  private static final int HEARTBEAT_SECONDS = 10;

  private static final Duration DIAL = Duration.ofSeconds(10);

  /** For an answer of the broker; a deadline of the caller may be earlier. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** The most that RabbitMQ can be configured to take. */
  private static final int LARGEST_MESSAGE = 512 * 1024 * 1024;

  static Connector of(BrokerAddress address, Optional<ClientTls> tls) {
    return new Connector(
        address,
        tls,
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rr-amqp-work").factory()),
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rr-amqp-heartbeat").factory()));
  }

  /**
   * A connection, and the socket under it: a write that the broker does not read keeps the
   * connection from being closed in any other way.
   */
  record Wire(Connection connection, @Nullable Socket socket) {
    boolean isOpen() {
      return connection.isOpen();
    }

    /** Closes it in good order if that takes no longer than so. */
    void close(Deadline deadline) throws InterruptedException {
      int millis = (int) Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE);
      Thread closing =
          Thread.ofVirtual().name("rr-amqp-close").start(() -> connection.abort(millis));
      if (!closing.join(deadline.remaining().plusMillis(1))) {
        cut();
        boolean unused = closing.join(Duration.ofSeconds(2));
      }
    }

    private void cut() {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // It is of no more use anyway.
      }
    }
  }

  /**
   * Makes one.
   *
   * @param name what the broker's list of connections shows
   * @throws IOException for the user
   */
  Wire connect(String name) throws IOException {
    AtomicReference<Socket> socket = new AtomicReference<>();
    ConnectionFactory factory = factory();
    factory.setSocketConfigurator(made -> {
      made.setTcpNoDelay(true);
      socket.set(made);
    });
    try {
      if (address.tls()) {
        factory.useSslProtocol(
            tls.isPresent() ? tls.get().context() : javax.net.ssl.SSLContext.getDefault());
        factory.enableHostnameVerification();
      }
      return new Wire(factory.newConnection(workers, name), socket.get());
    } catch (IOException | TimeoutException | RuntimeException e) {
      throw new IOException(address + ": " + AmqpFaults.text(e), e);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  private ConnectionFactory factory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(address.host());
    factory.setPort(address.port());
    factory.setUsername(address.user());
    factory.setPassword(address.password());
    factory.setVirtualHost(address.virtualHost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setConnectionTimeout((int) DIAL.toMillis());
    factory.setHandshakeTimeout((int) DIAL.toMillis());
    factory.setChannelRpcTimeout((int) ANSWER.toMillis());
    factory.setShutdownTimeout((int) ANSWER.toMillis());
    factory.setChannelShouldCheckRpcResponseType(true);
    factory.setMaxInboundMessageBodySize(LARGEST_MESSAGE);
    factory.setClientProperties(properties(factory));
    factory.setThreadFactory(Connector::thread);
    factory.setHeartbeatExecutor(heartbeat);
    factory.setShutdownExecutor(workers);
    return factory;
  }

  private static Map<String, Object> properties(ConnectionFactory factory) {
    Map<String, Object> properties = new java.util.HashMap<>(factory.getClientProperties());
    properties.put("product", "rr");
    return properties;
  }

  /** The client gives threads names of its own before they start. */
  private static Thread thread(Runnable work) {
    return Thread.ofVirtual()
        .unstarted(() -> {
          Thread.currentThread().setName("rr-amqp-connection");
          work.run();
        });
  }

  void close() {
    heartbeat.shutdownNow();
    workers.shutdown();
  }
}
