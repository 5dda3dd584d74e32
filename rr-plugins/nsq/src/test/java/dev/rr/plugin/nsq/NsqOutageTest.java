package dev.rr.plugin.nsq;

import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.BrokerOutageContract;
import dev.rr.testing.server.Restartable;
import dev.rr.testing.server.TestProxy;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A stand-in for nsqd whose network goes away. */
class NsqOutageTest extends BrokerOutageContract {
  /** What a connection that was cut held comes again after that. */
  private static final long MILLIS = 500;

  private final TopicConfig keys = new TopicConfig(UUID.randomUUID().toString(), "default", 10, 0);
  private FakeNsqd server;
  private TestProxy network;

  @BeforeEach
  void startServer() throws Exception {
    server = new FakeNsqd(0, MILLIS);
    network = TestProxy.before(server.port());
  }

  @AfterEach
  void stopServer() throws Exception {
    network.close();
    server.close();
  }

  @Override
  protected Restartable broker() {
    return network;
  }

  @Override
  protected Words words() {
    String unreachable = "cannot connect to nsqd at tcp://127.0.0.1:PORT: Connection refused";
    return new Words(
        "connection lost",
        "connected again",
        "new_nsq_consumer: " + unreachable,
        "nsq_driver_push:\n\tnsq_driver_handle_item: " + unreachable,
        "nsq_driver_push:\n\tnsq_driver_handle_item: nsqd at tcp://127.0.0.1:PORT");
  }

  @Override
  protected Held held() {
    return Held.AGAIN;
  }

  @Override
  protected Pipeline open(int port) throws Exception {
    return NsqPipelineTest.open(port, keys, "60s", sink, log);
  }
}
