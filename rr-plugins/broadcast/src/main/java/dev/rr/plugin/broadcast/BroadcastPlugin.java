package dev.rr.plugin.broadcast;

import dev.rr.annotation.Collects;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.annotation.RpcMethod;
import dev.rr.api.broadcast.Broadcaster;
import dev.rr.api.broadcast.PubSub;
import dev.rr.api.broadcast.PubSubDriver;
import dev.rr.api.broadcast.Publication;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.error.OperationException;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.DriverHost;
import dev.rr.api.plugin.DriverSections;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import dev.rr.proto.WebsocketsProto.Message;
import dev.rr.proto.WebsocketsProto.Request;
import dev.rr.proto.WebsocketsProto.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brokers of whatever drivers are there, all of which get what is published. Its weight has them
 * open before worker pools start and close after them: workers publish while they boot and while
 * they finish.
 */
@Plugin(value = "broadcast", weight = 98)
@EnabledBy("broadcast")
final class BroadcastPlugin implements Lifecycle, Broadcaster {
  private static final Response OK = Response.newBuilder().setOk(true).build();

  /** How long who need not wait for brokers waits for room at most. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final BroadcastConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private final DriverHost<PubSubDriver, Broker> brokers;

  /** As configured, by themselves in lower case: upstream knows no other. */
  private final Map<String, String> names = new TreeMap<>();

  private volatile @Nullable BrokerPublisher publisher;
  private volatile @Nullable PublishQueue queue;

  BroadcastPlugin(BroadcastConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("broadcast");
    this.brokers = new DriverHost<>(PubSubDriver.class, host.catalogue(), Broker::close);
    config.brokers().keySet().forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
  }

  /** Takes a driver. Before {@link #check}. */
  @Collects
  void driver(Named plugin, PubSubDriver driver) {
    brokers.add(plugin.name(), driver);
  }

  /** What each broker took and brought. */
  @Offers
  MetricsSource metrics() {
    return sink -> names.values().forEach(n -> brokers.find(n).ifPresent(b -> b.collect(sink)));
  }

  @Override
  public void check(Problems problems) {
    brokers.check(
        configurer.section(BroadcastConfigBinder.INSTANCE, problems),
        problems,
        (driver, name, at) ->
            driver.check(
                name, section(name, at.string("driver", ""), at.section("config"), problems)));
  }

  @Override
  public void start() throws Exception {
    brokers.open(
        config.brokers(),
        BroadcastConfig.Entry::driver,
        (driver, name, entry) -> {
          Broker broker = new Broker(name);
          Section section = section(name, entry.driver(), entry.config(), new Problems());
          broker.open(driver.open(name, section, broker));
          return broker;
        });
    BrokerPublisher all =
        new BrokerPublisher(
            config.brokers().keySet().stream().flatMap(n -> brokers.find(n).stream()).toList(),
            log);
    PublishQueue waiting = new PublishQueue(PublishQueue.ofHeap(), all::publish, log);
    waiting.start();
    publisher = all;
    queue = waiting;
  }

  private Section section(String broker, String driver, Section own, Problems problems) {
    return own.present()
        ? own
        : configurer.section(
            DriverSections.path("broadcast", broker, driver, configurer, host.catalogue()),
            problems);
  }

  @Override
  public boolean has(String broker) {
    return names.containsKey(broker.toLowerCase(Locale.ROOT));
  }

  @Override
  public Subscription listen(String broker, PubSub.Listener listener) {
    return brokers
        .find(names.getOrDefault(broker.toLowerCase(Locale.ROOT), broker))
        .orElseThrow(
            () -> new IllegalArgumentException("could not find driver by provided key: " + broker))
        .listen(listener);
  }

  /** Publishes to every broker, and answers when all of them have the messages. */
  @RpcMethod("Publish")
  Response publish(Request request) throws OperationException, InterruptedException {
    BrokerPublisher all = publisher;
    List<Publication> messages = publications(request);
    if (all != null && !messages.isEmpty()) {
      all.publish(messages);
    }
    return OK;
  }

  /** Publishes to every broker, and answers before any of them has the messages. */
  @RpcMethod("PublishAsync")
  Response publishAsync(Request request) throws OperationException, InterruptedException {
    PublishQueue waiting = queue;
    List<Publication> messages = publications(request);
    if (waiting != null && !messages.isEmpty()) {
      waiting.add(messages, Deadline.after(LONGEST));
    }
    return OK;
  }

  private List<Publication> publications(Request request) {
    List<Publication> publications = new ArrayList<>();
    for (Message message : request.getMessagesList()) {
      // One array for all topics: nobody changes it.
      byte[] payload = message.getPayload().toByteArray();
      for (String topic : message.getTopicsList()) {
        if (topic.isEmpty()) {
          log.warn("message with empty topic, skipping");
        } else {
          publications.add(new Publication(topic, payload));
        }
      }
    }
    return publications;
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    PublishQueue waiting = queue;
    try {
      if (waiting != null) {
        waiting.close(deadline);
      }
    } finally {
      brokers.close(deadline);
    }
  }
}
