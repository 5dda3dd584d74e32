package dev.rr.plugin.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineSetupTest {
  private static PipelineSetup setup(Map<String, ?> keys) {
    return PipelineSetup.of(TestAmqp.spec("p", keys).config(), FlatKeysBinder.INSTANCE);
  }

  @Test
  void defaultsAreUpstreamsAlsoForZeroAndLess() {
    for (PipelineSetup setup :
        List.of(
            setup(Map.of()),
            setup(Map.of("version", 1, "prefetch", -1, "redial_timeout", 0, "exchange", "")),
            setup(Map.of("version", 2, "queue", Map.of(), "exchange", Map.of())))) {
      assertThat(setup.prefetch()).isEqualTo(10);
      assertThat(setup.redialTimeout()).isEqualTo(Duration.ofSeconds(60));
      assertThat(setup.exchange())
          .isEqualTo(new PipelineSetup.Exchange("amqp.default", "direct", false, false, true));
      assertThat(setup.queue().isNamed()).isFalse();
      assertThat(setup.queue().declare()).isTrue();
      assertThat(setup.queue().consumerId()).startsWith("roadrunner-").hasSize(47);
    }
  }

  @Test
  void whatPhpDeclaresAsTextsIsTheSameAsTheFilesKeys() {
    Map<String, String> declared = new LinkedHashMap<>();
    declared.put("prefetch", "100");
    declared.put("queue", "default");
    declared.put("queue_auto_delete", "true");
    declared.put("exchange", "e");
    declared.put("exchange_durable", "true");
    declared.put("exchange_type", "topics");
    declared.put("exchange_auto_delete", "true");
    declared.put("routing_key", "key");
    declared.put("exclusive", "true");
    declared.put("multiple_ack", "true");
    declared.put("requeue_on_fail", "true");
    declared.put("durable", "true");
    declared.put("delete_queue_on_stop", "true");
    declared.put("redial_timeout", "7");
    declared.put("consumer_id", "me");
    declared.put("consume_all", "true");
    declared.put("queue_declare", "false");
    declared.put("exchange_declare", "false");
    declared.put("queue_headers", "{\"x-queue-type\":\"classic\",\"x-max-length\":10,\"f\":1.5}");
    PipelineSetup setup = setup(declared);
    assertThat(setup.prefetch()).isEqualTo(100);
    assertThat(setup.redialTimeout()).hasSeconds(7);
    assertThat(setup.exchange())
        .isEqualTo(new PipelineSetup.Exchange("e", "topic", true, true, false));
    assertThat(setup.queue())
        .isEqualTo(
            new PipelineSetup.Queue(
                "default",
                "key",
                true,
                true,
                true,
                true,
                true,
                true,
                "me",
                Map.of("x-queue-type", "classic", "x-max-length", 10L, "f", 1.5),
                false));
  }

  @Test
  void versionTwoHasExchangeAndQueueAsSections() {
    Map<String, Object> queue =
        Map.of(
            "name",
            "q",
            "routing_key",
            "k",
            "durable",
            true,
            "auto_delete",
            true,
            "delete_on_stop",
            true,
            "requeue_on_fail",
            true,
            "headers",
            Map.of("x-max-priority", 5));
    Map<String, Object> exchange = Map.of("name", "e", "type", "fanout", "declare", false);
    for (Map<String, ?> keys :
        List.of(
            Map.of("version", 2, "prefetch", 3, "exchange", exchange, "queue", queue),
            Map.of(
                "version",
                "2",
                "prefetch",
                "3",
                "exchange",
                "{\"name\":\"e\",\"type\":\"fanout\",\"declare\":false}",
                "queue",
                "{\"name\":\"q\",\"routing_key\":\"k\",\"durable\":true,\"auto_delete\":true,"
                    + "\"delete_on_stop\":true,\"requeue_on_fail\":true,"
                    + "\"headers\":{\"x-max-priority\":5}}"))) {
      PipelineSetup setup = setup(keys);
      assertThat(setup.prefetch()).isEqualTo(3);
      assertThat(setup.exchange())
          .isEqualTo(new PipelineSetup.Exchange("e", "fanout", false, false, false));
      assertThat(setup.queue().name()).isEqualTo("q");
      assertThat(setup.queue().routingKey()).isEqualTo("k");
      assertThat(setup.queue().durable()).isTrue();
      assertThat(setup.queue().autoDelete()).isTrue();
      assertThat(setup.queue().deleteOnStop()).isTrue();
      assertThat(setup.queue().requeueOnFail()).isTrue();
      assertThat(setup.queue().arguments()).isEqualTo(Map.of("x-max-priority", 5L));
    }
  }

  @Test
  void theEmptyListAndTheNullThatPackagesOfPhpSendAreNoArguments() {
    for (String none : List.of("[]", "{}", "null", "", " ")) {
      assertThat(setup(Map.of("queue_headers", none)).queue().arguments()).isEmpty();
    }
  }

  @Test
  void anArgumentMayBeAListOrAMap() {
    String declared = "{\"list\":[1,\"2\",true],\"map\":{\"a\":1.5}}";
    assertThat(setup(Map.of("queue_headers", declared)).queue().arguments())
        .isEqualTo(Map.of("list", List.of(1L, "2", true), "map", Map.of("a", 1.5)));
  }

  @Test
  void aDeclaredValueThatIsEmptyIsTheDefault() {
    Map<String, String> declared = new LinkedHashMap<>();
    for (String key :
        List.of(
            "version",
            "prefetch",
            "redial_timeout",
            "exchange",
            "exchange_type",
            "exchange_durable",
            "queue",
            "routing_key",
            "durable",
            "multiple_ack",
            "consumer_id",
            "consume_all")) {
      declared.put(key, "");
    }
    PipelineSetup empty = setup(declared);
    PipelineSetup usual = setup(Map.of("consumer_id", empty.queue().consumerId()));
    assertThat(empty).isEqualTo(usual);
  }

  @Test
  void aDeclaredValueThatIsNeitherNumberNorBooleanIsToldAtItsKey() {
    assertThatThrownBy(() -> setup(Map.of("prefetch", "ten", "durable", "ja")))
        .hasMessageContaining("jobs.pipelines.p.prefetch: \"ten\" is not a whole number")
        .hasMessageContaining("jobs.pipelines.p.durable: \"ja\" is neither true nor false");
  }

  @Test
  void aNameThatTheProtocolHasNoPlaceForIsToldAtItsKey() {
    String longest = "ж".repeat(127);
    for (String key : List.of("queue", "exchange", "routing_key", "consumer_id")) {
      assertThat(setup(Map.of(key, longest)).queue()).isNotNull();
      assertThatThrownBy(() -> setup(Map.of(key, longest + "xx")))
          .hasMessageContaining(
              "jobs.pipelines.p." + key + ": takes 256 bytes; the broker allows at most 255");
    }
    assertThatThrownBy(
            () -> setup(Map.of("version", 2, "queue", Map.of("routing_key", longest + "xx"))))
        .hasMessageContaining("jobs.pipelines.p.queue.routing_key: takes 256 bytes");
  }

  @Test
  void theSpellingOfVersionTwoOfTheServerIsKnown() {
    assertThat(setup(Map.of("multiple_ask", true)).queue().multipleAck()).isTrue();
  }

  @Test
  void whatIsWrongIsToldAtItsKeyAllAtOnce() {
    assertThatThrownBy(() -> setup(Map.of("version", 3, "exchange_type", "direkt")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "jobs.pipelines.p.version: unsupported AMQP pipeline config version: 3")
        .hasMessageContaining("jobs.pipelines.p.exchange_type: 'direkt' is no type of exchange");
    assertThatThrownBy(() -> setup(Map.of("version", 2, "prefetch", 1)))
        .hasMessageContaining(
            "exchange or queue configuration is required for AMQP config version 2");
    assertThatThrownBy(() -> setup(Map.of("version", 2, "exchange", Map.of("type", "x"))))
        .hasMessageContaining("jobs.pipelines.p.exchange.type: 'x' is no type of exchange");
  }
}
