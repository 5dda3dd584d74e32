package dev.rr.plugin.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.error.OperationException;
import dev.rr.testing.broadcast.PubSubContract;
import dev.rr.testing.broadcast.RecordingListener;
import dev.rr.testing.server.TestProxy;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisPubSubTest extends PubSubContract {
  @TempDir Path folder;
  private int port;
  private TestRedis redis;
  private TestServer server;

  @BeforeEach
  void setUp() throws Exception {
    port = TestServer.freePort();
    server = TestRedis.server(folder, port);
    redis = new TestRedis(folder);
  }

  @AfterEach
  void close() throws Exception {
    redis.close();
    server.close();
  }

  @Override
  protected PubSub open(PubSub.Listener listener) throws Exception {
    return at(port, Map.of(), listener);
  }

  private PubSub at(int where, Map<String, ?> more, PubSub.Listener listener) throws Exception {
    Map<String, Object> config = new HashMap<>(Map.of("addrs", "127.0.0.1:" + where));
    config.putAll(more);
    return redis.openBroker(config, listener);
  }

  private static void publish(PubSub broker, String topic, String payload) throws Exception {
    broker.publish(List.of(new Publication(topic, payload.getBytes(UTF_8))));
  }

  private static boolean publishes(PubSub broker, String topic, String payload) {
    try {
      publish(broker, topic, payload);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static void subscribe(PubSub broker, String topic) throws Exception {
    var unused = broker.subscribe(topic).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static boolean subscribes(PubSub broker, String topic) {
    try {
      subscribe(broker, topic);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void whatOneServerPublishesReachesTheOthers() throws Exception {
    RecordingListener told = new RecordingListener();
    PubSub here = at(port, Map.of(), told);
    PubSub there = at(port, Map.of("db", 3), new RecordingListener());
    subscribe(here, "foo");
    publish(there, "foo", "hello");
    assertThat(told.until("foo=hello")).hasSize(1);
    assertThat(TestRedis.cli("-p", "" + port, "publish", "foo", "by hand")).isEqualTo("1");
    assertThat(told.until("foo=by hand")).hasSize(2);
    assertThat(here.destination()).isEqualTo(there.destination());
  }

  @Test
  void serversAreTheSameInAnyOrder() throws Exception {
    List<String> nodes = List.of("127.0.0.1:" + port, "127.0.0.1:" + TestServer.freePort());
    PubSub one = at(port, Map.of("addrs", nodes), new RecordingListener());
    PubSub other = at(port, Map.of("addrs", nodes.reversed()), new RecordingListener());
    assertThat(one.destination()).isEqualTo(other.destination());
  }

  @Test
  void afterTheConnectionWasLostEverythingIsSubscribedToAgain() throws Exception {
    RecordingListener told = new RecordingListener();
    try (TestProxy proxy = TestProxy.before(port)) {
      PubSub broker = at(proxy.port(), Map.of(), told);
      PubSub other = at(port, Map.of(), new RecordingListener());
      subscribe(broker, "foo");
      subscribe(broker, "left");
      subscribe(broker, "end");
      broker.unsubscribe("left");
      for (int i = 1; i <= 3; i++) {
        int times = i;
        proxy.cut();
        Await.until("a new connection", () -> told.interruptions() == times);
        publish(other, "left", "lost");
        publish(other, "foo", "" + i);
        publish(other, "end", "" + i);
        assertThat(told.until("end=" + i)).hasSize(2 * i).contains("foo=" + i);
      }
    }
    assertThat(redis.log.with("messages may have been missed")).hasSize(3);
  }

  @Test
  void aServerThatWasKilledIsListenedToAgainOnceItIsBack() throws Exception {
    RecordingListener told = new RecordingListener();
    PubSub broker = open(told);
    subscribe(broker, "foo");
    server.kill();
    server.close();
    server = TestRedis.server(folder, port);
    Await.until("a new connection", () -> told.interruptions() == 1);
    // What publishes is another connection, which is dialed by itself.
    Await.until("a publication", () -> publishes(broker, "foo", "again"));
    assertThat(told.until("foo=again")).containsExactly("foo=again");
  }

  @Test
  void asLongAsThereIsNoServerNothingIsPromised() throws Exception {
    server.kill();
    Map<String, String> hasty =
        Map.of("dial_timeout", "200ms", "read_timeout", "200ms", "write_timeout", "100ms");
    PubSub broker = at(port, hasty, new RecordingListener());
    assertThatThrownBy(() -> publish(broker, "foo", "lost"))
        .isInstanceOf(OperationException.class)
        .hasMessageStartingWith("redis_driver_publish: redis at 127.0.0.1:" + port + ": ");
    assertThatThrownBy(() -> subscribe(broker, "foo"))
        .hasMessageContaining("no subscription within 400 ms");
    server = TestRedis.server(folder, port);
    Await.until("a subscription", () -> subscribes(broker, "foo"));
  }

  @Test
  void aSilentServerIsNoticedAndDialedAgain() throws Exception {
    RecordingListener told = new RecordingListener();
    try (TestProxy proxy = TestProxy.before(port)) {
      PubSub broker =
          at(proxy.port(), Map.of("read_timeout", "300ms", "write_timeout", "100ms"), told);
      Await.until("a subscription", () -> subscribes(broker, "foo"));
      int before = proxy.accepted();
      proxy.stall();
      // The sign of life is asked for every ten seconds; a subscription asks at once.
      var unused = broker.subscribe("bar");
      Await.until("another connection", () -> proxy.accepted() > before);
      proxy.resume();
      Await.until("it", () -> told.interruptions() > 0);
      PubSub other = at(port, Map.of(), new RecordingListener());
      publish(other, "foo", "again");
      assertThat(told.until("foo=again")).hasSize(1);
    }
  }

  @Test
  void whatTheServerForbidsIsToldAtOnce() throws Exception {
    String[] guest = {"-p", "" + port, "acl", "setuser", "guest", "on", "nopass", "+@all"};
    assertThat(TestRedis.cli(guest)).isEqualTo("OK");
    // Since version 7 the default.
    assertThat(TestRedis.cli("-p", "" + port, "acl", "setuser", "guest", "resetchannels"))
        .isEqualTo("OK");
    Map<String, String> as = Map.of("username", "guest", "password", "any");
    PubSub broker = at(port, as, new RecordingListener());
    assertThatThrownBy(() -> subscribe(broker, "foo")).hasMessageContaining("NOPERM");
  }
}
