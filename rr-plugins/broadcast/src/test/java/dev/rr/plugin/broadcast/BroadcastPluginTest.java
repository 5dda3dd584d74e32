package dev.rr.plugin.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.PubSubDriver;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.config.Configuration;
import dev.rr.proto.WebsocketsProto.Message;
import dev.rr.proto.WebsocketsProto.Request;
import dev.rr.testing.broadcast.InMemoryPubSub;
import dev.rr.testing.broadcast.RecordingListener;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BroadcastPluginTest {
  private static final String TWO = "{one: {driver: fake, config: {}}, Two: {driver: fake}}";

  @TempDir Path folder;
  private final RecordingLog log = new RecordingLog();
  private final Driver driver = new Driver();
  private final List<BroadcastPlugin> started = new ArrayList<>();

  /** Opens brokers in memory, which can be told to fail. */
  private static final class Driver implements PubSubDriver {
    final Map<String, InMemoryPubSub> open = new ConcurrentHashMap<>();
    final List<String> sections = new ArrayList<>();
    volatile String failing = "";
    volatile Object shared = "";

    @Override
    public void check(String broker, Section config) {
      if (config.has("bad")) {
        config.problem("bad", "is not for fake");
      }
    }

    @Override
    public PubSub open(String broker, Section config, PubSub.Listener listener) {
      sections.add(broker + (config.present() ? " from " + config.path() : " from nowhere"));
      InMemoryPubSub made = new InMemoryPubSub(listener);
      open.put(broker, made);
      return new PubSub() {
        @Override
        public void publish(List<Publication> messages) throws OperationException {
          if (failing.equals(broker)) {
            throw OperationException.of("fake_publish", "no");
          }
          made.publish(messages);
        }

        @Override
        public CompletionStage<Void> subscribe(String topic) {
          return topic.equals("refused")
              ? CompletableFuture.failedFuture(new IOException("refused"))
              : made.subscribe(topic);
        }

        @Override
        public void unsubscribe(String topic) {
          made.unsubscribe(topic);
        }

        @Override
        public Object destination() {
          return shared.equals("") ? this : shared;
        }

        @Override
        public void close(Deadline deadline) {
          made.close(deadline);
        }
      };
    }
  }

  private BroadcastPlugin plugin(String section, String more) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\nbroadcast: " + section + "\n" + more);
    Configuration configuration = Configuration.read(file);
    BroadcastPlugin plugin =
        new BroadcastPlugin(
            configuration.bind(BroadcastConfigBinder.INSTANCE),
            configuration,
            new FakeHost(folder),
            name -> log);
    plugin.driver(new Named("fake", 1), driver);
    return plugin;
  }

  private BroadcastPlugin start(String section) throws Exception {
    BroadcastPlugin plugin = plugin(section, "");
    started.add(plugin);
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    return plugin;
  }

  @AfterEach
  void stop() throws Exception {
    for (BroadcastPlugin plugin : started) {
      plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    }
  }

  private static Request request(String payload, String... topics) {
    return Request.newBuilder()
        .addMessages(
            Message.newBuilder()
                .addAllTopics(List.of(topics))
                .setPayload(ByteString.copyFromUtf8(payload)))
        .build();
  }

  private static RecordingListener listen(BroadcastPlugin plugin, String broker, String... topics)
      throws Exception {
    RecordingListener told = new RecordingListener();
    var subscription = plugin.listen(broker, told);
    for (String topic : topics) {
      var unused = subscription.subscribe(topic).toCompletableFuture().get();
    }
    return told;
  }

  @Test
  void everyBrokerGetsWhatIsPublishedWhateverItsName() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    RecordingListener one = listen(plugin, "one", "foo");
    RecordingListener two = listen(plugin, "two", "foo", "foo2");
    assertThat(plugin.publish(request("hi", "foo", "foo2", "foo3")).getOk()).isTrue();
    assertThat(one.messages()).containsExactly("foo=hi");
    assertThat(two.messages()).containsExactly("foo=hi", "foo2=hi");
  }

  @Test
  void whoDoesNotWaitIsAnsweredAtOnceAndPublishedInOrder() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    RecordingListener told = listen(plugin, "one", "foo");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(plugin.publishAsync(request("" + i, "foo")).getOk()).isTrue();
      expected.add("foo=" + i);
    }
    Await.until("all of them", () -> told.messages().size() == 1000);
    assertThat(told.messages()).isEqualTo(expected);
    assertThat(Scrape.of(plugin.metrics()).values())
        .containsEntry("rr_broadcast_received_total{broker=\"one\"}", 1000.0);
  }

  @Test
  void whatIsPublishedWithoutWaitingIsStillPublishedWhenTheServerStops() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    RecordingListener told = listen(plugin, "one", "foo");
    for (int i = 0; i < 100; i++) {
      var unused = plugin.publishAsync(request("" + i, "foo"));
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    assertThat(told.messages()).hasSize(100);
    assertThatThrownBy(() -> plugin.publishAsync(request("late", "foo")))
        .hasMessage("broadcast_publish_async: the server stops");
  }

  @Test
  void theAnswerIsYesWithoutAnyBrokerAndForNothing() throws Exception {
    assertThat(start("{}").publish(request("hi", "foo")).getOk()).isTrue();
    assertThat(log.with("no publishers was registered")).hasSize(1);
    assertThat(start(TWO).publish(Request.getDefaultInstance()).getOk()).isTrue();
  }

  @Test
  void anEmptyTopicIsSkipped() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    RecordingListener told = listen(plugin, "one", "foo");
    assertThat(plugin.publish(request("hi", "", "foo")).getOk()).isTrue();
    assertThat(told.messages()).containsExactly("foo=hi");
    assertThat(log.with("empty topic")).hasSize(1);
  }

  @Test
  void aBrokerThatFailsKeepsNobodyFromTheOthers() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    RecordingListener two = listen(plugin, "two", "foo");
    driver.failing = "one";
    assertThatThrownBy(() -> plugin.publish(request("hi", "foo")))
        .hasMessage("broadcast_publish:\n\tbroadcast_plugin_publish:\n\tfake_publish: no");
    assertThat(two.messages()).containsExactly("foo=hi");
    assertThat(plugin.publishAsync(request("hi", "foo")).getOk()).isTrue();
    Await.until("the error", () -> !log.with("publish async error").isEmpty());
    assertThat(Scrape.of(plugin.metrics()).values())
        .containsEntry("rr_broadcast_published_total{broker=\"Two\"}", 2.0)
        .containsEntry("rr_broadcast_errors_total{broker=\"one\"}", 2.0);
  }

  @Test
  void brokersThatShareTheirServerGetAMessageOnce() throws Exception {
    driver.shared = "127.0.0.1:6379";
    BroadcastPlugin plugin = start(TWO);
    RecordingListener one = listen(plugin, "one", "foo");
    RecordingListener two = listen(plugin, "two", "foo");
    var unused = plugin.publish(request("hi", "foo"));
    assertThat(one.messages().size() + two.messages().size()).isEqualTo(1);
  }

  @Test
  void aTopicIsSubscribedToForTheFirstReaderAndUntilTheLastLeaves() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    var first = plugin.listen("ONE", new RecordingListener());
    var second = plugin.listen("one", new RecordingListener());
    InMemoryPubSub broker = Objects.requireNonNull(driver.open.get("one"));
    var unused = first.subscribe("foo").toCompletableFuture().get();
    unused = second.subscribe("foo").toCompletableFuture().get();
    unused = second.subscribe("bar").toCompletableFuture().get();
    first.unsubscribe("foo");
    assertThat(broker.topics()).containsExactlyInAnyOrder("foo", "bar");
    assertThat(Scrape.of(plugin.metrics()).values())
        .containsEntry("rr_broadcast_topics{broker=\"one\"}", 2.0);
    second.close();
    second.close();
    assertThat(broker.topics()).isEmpty();
    assertThat(second.subscribe("foo").toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void aTopicThatWasRefusedIsTriedAgain() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    var reader = plugin.listen("one", new RecordingListener());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> reader.subscribe("refused").toCompletableFuture().get())
          .hasMessageContaining("refused");
    }
    assertThat(Scrape.of(plugin.metrics()).values())
        .containsEntry("rr_broadcast_topics{broker=\"one\"}", 0.0);
  }

  @Test
  void sectionsAreTheBrokersOwnElseTheOneOfItsName() throws Exception {
    BroadcastPlugin plugin =
        plugin("{a: {driver: fake, config: {}}, b: {driver: fake}, c: {driver: fake}}", "b: {}\n");
    started.add(plugin);
    plugin.start();
    assertThat(driver.sections)
        .containsExactly("a from broadcast.a.config", "b from b", "c from nowhere");
  }

  @Test
  void theStartIsRefusedForADriverThatIsNotThereOrAKeyThatIsNotKnown() throws Exception {
    assertThat(FoundProblems.of(plugin("{a: {driver: ghost}}", "")))
        .singleElement()
        .asString()
        .contains("'ghost' is no driver");
    assertThat(FoundProblems.of(plugin("{a: {driver: fake, config: {bad: 1}}}", "")))
        .singleElement()
        .asString()
        .contains("is not for fake");
  }

  @Test
  void aBrokerThatIsNotThereCannotBeListenedTo() throws Exception {
    BroadcastPlugin plugin = start(TWO);
    assertThat(plugin.has("oNe")).isTrue();
    assertThat(plugin.has("ghost")).isFalse();
    assertThatThrownBy(() -> plugin.listen("ghost", new RecordingListener()))
        .hasMessage("could not find driver by provided key: ghost");
  }

  @Test
  void aRequestIsAsUpstreamsOnTheWire() throws Exception {
    Request request = request("hi", "foo");
    assertThat(HexFormat.of().formatHex(request.toByteArray())).isEqualTo("0a091203666f6f1a026869");
    assertThat(Request.parseFrom(request.toByteArray()).getMessages(0).getPayload().toString(UTF_8))
        .isEqualTo("hi");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    LifecycleContract.holds(
        () -> plugin(TWO, ""), () -> plugin("{one: {driver: fake}, two: {driver: ghost}}", ""));
  }
}
