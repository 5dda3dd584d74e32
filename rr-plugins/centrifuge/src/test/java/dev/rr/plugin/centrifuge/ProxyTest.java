package dev.rr.plugin.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.json.JsonReader;
import dev.rr.testing.plugin.PassedOnSpan;
import dev.rr.testing.plugin.RecordingSpan;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Centrifugo asks, and workers answer. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ProxyTest {
  @TempDir Path folder;

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static Map<?, ?> context(FakePool.Request request) {
    return (Map<?, ?>)
        Objects.requireNonNull(JsonReader.read(request.payload().context().bytes(), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "Connect, connect",
    "Refresh, refresh",
    "Subscribe, subscribe",
    "Publish, publish",
    "RPC, rpc",
    "SubRefresh, subrefresh",
    "NotifyCacheEmpty, notifycacheempty",
    "NotifyChannelState, notifychannelstate",
  })
  void everyMethodIsAnsweredByAWorkerThatIsToldItsType(String method, String type)
      throws Exception {
    // Field 1 of both, and one that nobody knows yet.
    byte[] question = hex("0a0161" + "fa7f0162");
    byte[] answer = hex("0a040a023432" + "fa7f0163");
    FakePool pool = new FakePool((request, reply) -> TestCentrifuge.answer(reply, answer));
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      assertThat(server.client().call(method, question).text())
          .isEqualTo(HexFormat.of().formatHex(answer));
    }
    FakePool.Request asked = pool.requests().getFirst();
    assertThat(asked.payload().codec()).isEqualTo(Payload.PROTO);
    assertThat(asked.body()).isEqualTo(question);
    assertThat(context(asked).get("type")).isEqualTo(List.of(type));
  }

  @Test
  void metadataAreListsOfValuesAndTheTypeIsOurs() throws Exception {
    FakePool pool = new FakePool((request, reply) -> TestCentrifuge.answer(reply, hex("0a00")));
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      Metadata metadata = new Metadata();
      metadata.put(ProxyClient.key("x-one"), "a=1");
      metadata.put(ProxyClient.key("x-one"), "b=2");
      metadata.put(ProxyClient.key("type"), "connect");
      assertThat(
              server
                  .client()
                  .call("Publish", hex("0a0161"), metadata, CallOptions.DEFAULT)
                  .status())
          .matches(Status::isOk);
      assertThat(context(pool.requests().getFirst()))
          .satisfies(context -> {
            assertThat(context.get("x-one")).isEqualTo(List.of("a=1", "b=2"));
            assertThat(context.get("type")).isEqualTo(List.of("publish"));
            assertThat(context.get("content-type")).isEqualTo(List.of("application/grpc"));
            assertThat(context.get(":authority"))
                .isEqualTo(List.of("127.0.0.1:" + server.address().getPort()));
          });
    }
  }

  @Test
  void aCallIsASpanBelowCentrifugosAndPhpIsToldOfIt() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    FakePool pool =
        new FakePool((request, reply) ->
            reply.failed(new ExecException(ExecException.Kind.SOFT_JOB, "no such user")));
    Tracer tracer =
        (name, kind, incoming) -> {
          heard.add(kind + " " + name + " of " + incoming.apply("traceparent"));
          return new PassedOnSpan(new RecordingSpan(heard));
        };
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool, tracer).start()) {
      Metadata metadata = new Metadata();
      metadata.put(ProxyClient.key("traceparent"), "00-out-01");
      assertThat(
              server.client().call("Connect", hex("0a0161"), metadata, CallOptions.DEFAULT).text())
          .isEqualTo("UNKNOWN: no such user");
    }
    assertThat(context(pool.requests().getFirst()).get("Traceparent"))
        .isEqualTo(List.of("00-in-01"));
    assertThat(heard)
        .containsExactly(
            "SERVER centrifugal.centrifugo.proxy.CentrifugoProxy/Connect of 00-out-01",
            "rpc.system=grpc",
            "rpc.service=centrifugal.centrifugo.proxy.CentrifugoProxy",
            "rpc.method=Connect",
            "error no such user",
            "rpc.grpc.status_code=2",
            "end");
  }

  @Test
  void aMessageMayBeEmptyBothWays() throws Exception {
    FakePool pool = new FakePool((request, reply) -> TestCentrifuge.answer(reply, new byte[0]));
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      assertThat(server.client().call("Connect", new byte[0]).text()).isEmpty();
      assertThat(pool.requests().getFirst().body()).isEmpty();
    }
  }

  @Test
  void whatAWorkerTellsAsItsErrorIsTheCalls() throws Exception {
    String told = "sync_worker_receive_frame: SoftJobError: no such user";
    try (TestCentrifuge server =
        TestCentrifuge.start(
            folder,
            "",
            (request, reply) ->
                reply.failed(new ExecException(ExecException.Kind.SOFT_JOB, told)))) {
      assertThat(server.client().call("Connect", hex("0a0161")).text())
          .isEqualTo("UNKNOWN: " + told);
      assertThat(server.log.with("a call of Centrifugo was not answered"))
          .singleElement()
          .asString()
          .contains("Connect", told);
    }
  }

  @Test
  void aStreamedAnswerIsRefused() throws Exception {
    try (TestCentrifuge server =
        TestCentrifuge.start(
            folder,
            "",
            (request, reply) -> {
              boolean wanted =
                  reply.frame(Payload.PROTO, FakePool.bytes(""), FakePool.bytes("one"), 0, false);
              assertThat(wanted).isFalse();
              reply.failed(new ExecException(ExecException.Kind.CANCELLED, "nobody wants it"));
            })) {
      assertThat(server.client().call("Connect", hex("0a0161")).text())
          .isEqualTo("UNKNOWN: streaming response not supported");
      assertThat(server.log.with("was not answered")).hasSize(1);
    }
  }

  @Test
  void anAnswerInPiecesIsPutTogether() throws Exception {
    try (TestCentrifuge server =
        TestCentrifuge.start(
            folder,
            "",
            (request, reply) -> {
              assertThat(
                      reply.frame(
                          Payload.PROTO, FakePool.bytes("{}"), FakePool.bytes("\n"), 2, true))
                  .isTrue();
              assertThat(reply.body(FakePool.bytes("\1"), 1)).isTrue();
              assertThat(reply.body(FakePool.bytes("a"), 0)).isTrue();
            })) {
      assertThat(server.client().call("Connect", hex("0a0161")).text()).isEqualTo("0a0161");
    }
  }

  @Test
  void whatIsNoMessageIsNotHandedOn() throws Exception {
    try (TestCentrifuge server =
        TestCentrifuge.start(
            folder, "", (request, reply) -> FakePool.answer(reply, "", "\nshort"))) {
      assertThat(server.client().call("Connect", hex("0a0161")).text())
          .isEqualTo("UNKNOWN: proto: cannot parse invalid wire-format data");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SubscribeUnidirectional", "SubscribeBidirectional"})
  void streamsAreNotSupported(String method) throws Exception {
    FakePool pool = FakePool.answering("", "");
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      MethodType type =
          method.equals("SubscribeBidirectional")
              ? MethodType.BIDI_STREAMING
              : MethodType.SERVER_STREAMING;
      assertThat(
              server
                  .client()
                  .begin(type, method, hex("0a0161"), new Metadata(), CallOptions.DEFAULT)
                  .get(30, TimeUnit.SECONDS)
                  .text())
          .isEqualTo("UNKNOWN: not supported");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void aMethodThatNobodyKnowsIsNotImplemented() throws Exception {
    try (TestCentrifuge server =
        new TestCentrifuge(folder, "", FakePool.answering("", "")).start()) {
      assertThat(server.client().call("MapPublish", hex("0a0161")).text())
          .isEqualTo("UNIMPLEMENTED: unknown method MapPublish for service " + ProxyService.NAME);
    }
  }

  @Test
  void whoseTimeIsOverIsNotWorkedFor() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    FakePool pool =
        new FakePool((request, reply) -> {
          assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          TestCentrifuge.answer(reply, hex("0a00"));
        });
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      assertThat(
              server
                  .client()
                  .call(
                      "Connect",
                      hex("0a0161"),
                      new Metadata(),
                      CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS))
                  .status()
                  .getCode())
          .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      Await.until(
          "a cancelled execution",
          () -> pool.requests().stream().allMatch(request -> request.canceller().isCancelled()));
      goOn.countDown();
    }
  }

  @Test
  void aCompressedQuestionIsReadAndAnswered() throws Exception {
    FakePool pool = new FakePool((request, reply) -> TestCentrifuge.answer(reply, request.body()));
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      byte[] message = Texts.message(10, "{\"foo\":\"" + "bar".repeat(10_000) + "\"}");
      ProxyClient.Outcome outcome =
          server
              .client()
              .call(
                  "Connect", message, new Metadata(), CallOptions.DEFAULT.withCompression("gzip"));
      assertThat(outcome.message()).isEqualTo(message);
      assertThat(new String(pool.requests().getFirst().body(), UTF_8)).contains("barbar");
    }
  }

  @Test
  void figuresHaveUpstreamsNames() throws Exception {
    FakePool pool = FakePool.answering("", "");
    try (TestCentrifuge server = new TestCentrifuge(folder, "", pool).start()) {
      Scrape scrape = Scrape.of(server.plugin.metrics());
      assertThat(scrape.values().keySet())
          .containsExactlyInAnyOrder(
              "rr_centrifugo_total_workers",
              "rr_centrifugo_workers_memory_bytes",
              "rr_centrifugo_workers_ready",
              "rr_centrifugo_workers_working",
              "rr_centrifugo_workers_invalid");
      assertThat(scrape.descriptions())
          .contains(
              "gauge rr_centrifugo_total_workers: Total number of workers used by the Centrifugo"
                  + " plugin",
              "gauge rr_centrifugo_workers_memory_bytes: Memory usage by Centrifugo workers.",
              "gauge rr_centrifugo_workers_ready: Centrifugo workers currently in ready state");
    }
  }
}
