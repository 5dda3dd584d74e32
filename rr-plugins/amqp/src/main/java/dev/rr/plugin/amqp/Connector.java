package dev.rr.plugin.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import dev.rr.tls.ClientTls;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes connections to the broker. Each has threads of its own that read and that tell the broker
 * that it lives, as one that cannot write must not keep the others from it. Any thread.
 *
 * @param address where it is
 * @param tls files for TLS; empty for those of the system
 * @param workers runs what the client calls back; never closed, as it has no thread when there is
 *     nothing to run, and connections that take their time to end still need it
 */
record Connector(BrokerAddress address, Optional<ClientTls> tls, ExecutorService workers) {
  /** For an answer of the broker; a deadline of the caller may be earlier. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** The most that RabbitMQ can be configured to take. */
  private static final int LARGEST_MESSAGE = 512 * 1024 * 1024;

  static Connector of(BrokerAddress address, Optional<ClientTls> tls) {
    return new Connector(
        address,
        tls,
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rr-amqp-work").factory()));
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
      return Wire.of(factory.newConnection(workers, name), socket.get());
    } catch (IOException | TimeoutException | RuntimeException e) {
      String remedy =
          address.tls() && AmqpFaults.isCutOff(e)
              ? "; it may want a certificate that its authority has signed: amqp.tls.cert"
              : "";
      throw AmqpFaults.told(address, e, remedy);
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
    BrokerAddress.Tuning tuning = address.tuning();
    factory.setRequestedHeartbeat(tuning.heartbeatSeconds());
    factory.setRequestedChannelMax(tuning.channels());
    factory.setConnectionTimeout(tuning.connectMillis());
    factory.setHandshakeTimeout(tuning.connectMillis());
    factory.setChannelRpcTimeout((int) ANSWER.toMillis());
    factory.setShutdownTimeout((int) ANSWER.toMillis());
    factory.setChannelShouldCheckRpcResponseType(true);
    factory.setMaxInboundMessageBodySize(LARGEST_MESSAGE);
    factory.setClientProperties(properties(factory));
    factory.setThreadFactory(Connector::thread);
    factory.setShutdownExecutor(workers);
    factory.setExceptionHandler(new Untold());
    return factory;
  }

  /** Whoever has a connection tells of its end. */
  private static final class Untold extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection ended, Throwable fault) {}
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
}
