package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.json.JsonReader;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.PassedOnSpan;
import dev.rr.testing.plugin.RecordingSpan;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Calls from a client to workers and back. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class GrpcPluginTest {
  private static final byte[] NOTHING = {};

  @TempDir Path folder;

  private static final FakePool.Worker UPPER =
      (request, reply) -> FakePool.answer(reply, "{}", request.text().toUpperCase(Locale.ROOT));

  private static final FakePool.Worker CONTEXT =
      (request, reply) -> FakePool.answer(reply, "", request.context());

  private static FakePool.Worker saying(String context) {
    return (request, reply) -> FakePool.answer(reply, context, "answer");
  }

  private TestGrpc serve(FakePool.Worker worker) throws Exception {
    return TestGrpc.start(folder, "", worker);
  }

  @Test
  void aMessageGoesToAWorkerAndItsAnswerComesBackAsTheyAre() throws Exception {
    try (TestGrpc server = serve(UPPER)) {
      Client client = server.client();
      assertThat(client.ping("tost").outcome()).isEqualTo("TOST");
      assertThat(client.ping("").outcome()).isEmpty();
    }
  }

  @Test
  void everyMethodIsServedAsOneOfOneMessageAndOneAnswer() throws Exception {
    try (TestGrpc server = serve(UPPER)) {
      assertThat(
              server
                  .client()
                  .unary(
                      "service.Echo",
                      "Pong",
                      "x".getBytes(UTF_8),
                      new Metadata(),
                      CallOptions.DEFAULT)
                  .outcome())
          .isEqualTo("X");
    }
  }

  @Test
  @SuppressWarnings("unchecked") // JSON as it was written
  void aWorkerIsToldServiceMethodAndMetadata() throws Exception {
    try (TestGrpc server = serve(CONTEXT)) {
      Metadata metadata = new Metadata();
      metadata.put(Client.text("x-one"), "1");
      metadata.put(Client.text("x-one"), "2 <&>");
      metadata.put(Client.binary("x-raw-bin"), "ä".getBytes(UTF_8));
      metadata.put(Client.binary("x-odd-bin"), new byte[] {(byte) 0xff, 'a'});
      String told =
          server
              .client()
              .ping("", metadata, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS))
              .outcome();
      Map<String, Object> read =
          (Map<String, Object>) Objects.requireNonNull(JsonReader.read(told.getBytes(UTF_8), 0));
      assertThat(read).containsOnlyKeys("service", "method", "context");
      assertThat(read).containsEntry("service", "service.Echo").containsEntry("method", "Ping");
      Map<String, List<String>> context =
          (Map<String, List<String>>) Objects.requireNonNull(read.get("context"));
      assertThat(context)
          .containsOnlyKeys(
              ":authority",
              "content-type",
              "user-agent",
              "grpc-accept-encoding",
              "x-one",
              "x-raw-bin",
              "x-odd-bin",
              ":peer.address");
      assertThat(context)
          .containsEntry("x-one", List.of("1", "2 <&>"))
          .containsEntry("x-raw-bin", List.of("ä"))
          .containsEntry("x-odd-bin", List.of("\ufffda"))
          .containsEntry("content-type", List.of("application/grpc"))
          .containsEntry(":authority", List.of("127.0.0.1:" + server.address().getPort()));
      assertThat(Objects.requireNonNull(context.get(":peer.address")).getFirst())
          .matches("127\\.0\\.0\\.1:\\d+");
    }
  }

  @Test
  void headersAndTrailersOfAWorkerReachTheClient() throws Exception {
    try (TestGrpc server =
        serve(
            saying(
                "{\"headers\":\"{\\\"X-Head\\\":\\\"h\\\",\\\"x-bin\\\":\\\"b\\\",\\\"n\\\":5,"
                    + "\\\"grpc-status\\\":\\\"9\\\",\\\"x-bytes-bin\\\":\\\"\\u00e4\\\"}\","
                    + "\"trailers\":\"{\\\"x-trail\\\":\\\"t\\\"}\"}"))) {
      Client.Call call = server.client().ping("");
      assertThat(call.outcome()).isEqualTo("answer");
      assertThat(call.headers().get(Client.text("x-head"))).isEqualTo("h");
      assertThat(call.headers().get(Client.binary("x-bytes-bin"))).isEqualTo("ä".getBytes(UTF_8));
      assertThat(call.headers().keys()).doesNotContain("n", "grpc-status");
      assertThat(call.trailers().get(Client.text("x-trail"))).isEqualTo("t");
      assertThat(server.log.with("skipping header with unsupported type")).hasSize(1);
    }
  }

  @Test
  void headersOfAnOlderPackageAreTheObjectItself() throws Exception {
    try (TestGrpc server = serve(saying("{\"x-old\":\"1\",\"X-Other\":\"2\"}"))) {
      Client.Call call = server.client().ping("");
      assertThat(call.outcome()).isEqualTo("answer");
      assertThat(call.headers().get(Client.text("x-old"))).isEqualTo("1");
      assertThat(call.headers().get(Client.text("x-other"))).isEqualTo("2");
    }
  }

  @Test
  void anErrorOfANewPackageIsAStatusInTheContext() throws Exception {
    byte[] status = {8, 7, 18, 2, 'n', 'o', 26, 4, 10, 2, 't', '/'};
    String error = Base64.getEncoder().encodeToString(status);
    try (TestGrpc server =
        serve(
            saying(
                "{\"error\":\""
                    + error
                    + "\",\"headers\":\"{\\\"h\\\":\\\"1\\\"}\",\"trailers\":\"{\\\"t\\\":\\\"2\\\"}\"}"))) {
      Client.Call call = server.client().ping("");
      assertThat(call.outcome()).isEqualTo("PERMISSION_DENIED: no");
      assertThat(call.trailers().get(Client.DETAILS)).isEqualTo(status);
      assertThat(call.headers().get(Client.text("h"))).isEqualTo("1");
      assertThat(call.trailers().get(Client.text("t"))).isEqualTo("2");
    }
  }

  @Test
  void contextsThatAreNoneFailTheCall() throws Exception {
    for (Map.Entry<String, String> one :
        Map.of(
                "[]",
                "json: cannot unmarshal array into Go value of type map[string]string",
                "{\"a\":1}",
                "json: cannot unmarshal number into Go value of type string",
                "{\"error\":\"*\"}",
                "illegal base64 data under the key error")
            .entrySet()) {
      try (TestGrpc server = serve(saying(one.getKey()))) {
        assertThat(server.client().ping("").outcome()).isEqualTo("UNKNOWN: " + one.getValue());
      }
    }
  }

  @Test
  void anAnswerInPiecesIsOne() throws Exception {
    try (TestGrpc server =
        serve((request, reply) -> {
          reply.frame(8, ByteBuffer.allocate(0), FakePool.bytes("one "), 8, true);
          reply.body(FakePool.bytes("two "), 4);
          reply.body(FakePool.bytes("tri!"), 0);
        })) {
      assertThat(server.client().ping("").outcome()).isEqualTo("one two tri!");
    }
  }

  @Test
  void aStreamIsNoAnswer() throws Exception {
    try (TestGrpc server =
        serve((request, reply) ->
            assertThat(reply.frame(8, FakePool.bytes(""), FakePool.bytes("x"), 0, false))
                .isFalse())) {
      assertThat(server.client().ping("").outcome())
          .isEqualTo("UNKNOWN: streaming is not supported");
    }
  }

  @Test
  void unknownServicesAndMethodsAreTold() throws Exception {
    try (TestGrpc server = serve(UPPER)) {
      Client client = server.client();
      assertThat(call(client, "no.Such", "Ping"))
          .isEqualTo("UNIMPLEMENTED: unknown service no.Such");
      assertThat(call(client, "service.Echo", "Nope"))
          .isEqualTo("UNIMPLEMENTED: unknown method Nope for service service.Echo");
      assertThat(Scrape.of(server.plugin.metrics()).values().keySet())
          .noneMatch(series -> series.contains("no.Such"));
    }
  }

  private static String call(Client client, String service, String method) throws Exception {
    return client.unary(service, method, NOTHING, new Metadata(), CallOptions.DEFAULT).outcome();
  }

  @Test
  void compressedMessagesAreTakenAndAnsweredSo() throws Exception {
    try (TestGrpc server = serve(UPPER)) {
      String large = "abc".repeat(100_000);
      Client.Call call =
          server.client().ping(large, new Metadata(), CallOptions.DEFAULT.withCompression("gzip"));
      assertThat(call.outcome()).isEqualTo(large.toUpperCase(Locale.ROOT));
      assertThat(call.headers().get(Client.text("grpc-encoding"))).isEqualTo("gzip");
    }
  }

  @Test
  void messagesThatAreTooLargeAreRefused() throws Exception {
    try (TestGrpc server =
        TestGrpc.start(
            folder,
            "max_recv_msg_size: 1, max_send_msg_size: 2",
            (request, reply) -> {
              byte[] answer = new byte[Integer.parseInt(request.text().strip())];
              reply.frame(8, FakePool.bytes("{}"), ByteBuffer.wrap(answer), 0, true);
            })) {
      Client client = server.client();
      String fits = " ".repeat(1024 * 1024 - 1) + "7";
      assertThat(client.ping(fits).status().isOk()).isTrue();
      assertThat(client.ping(" " + fits).status().getCode())
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      Client.Call bomb =
          client.ping(" " + fits, new Metadata(), CallOptions.DEFAULT.withCompression("gzip"));
      assertThat(bomb.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(client.ping("2097152").status().isOk()).isTrue();
      assertThat(client.ping("2097153").outcome())
          .isEqualTo(
              "RESOURCE_EXHAUSTED: grpc: trying to send message larger than max (2097153 vs."
                  + " 2097152)");
    }
  }

  @Test
  void aClientThatGivesUpFreesItsPlace() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (TestGrpc server =
        serve((request, reply) -> {
          begun.countDown();
          Await.until("a cancellation", () -> request.canceller().isCancelled());
          reply.failed(new ExecException(ExecException.Kind.CANCELLED, "context canceled"));
        })) {
      Client client = server.client();
      Client.Call call = client.ping("");
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      call.cancel();
      assertThat(call.status().getCode()).isEqualTo(Status.Code.CANCELLED);
      Await.until(
          "a count",
          () ->
              series(server, "rr_grpc_request_total", "Canceled") == 1
                  && Scrape.of(server.plugin.metrics())
                          .values()
                          .getOrDefault("rr_grpc_requests_queue", -1.0)
                      == 0);
      Client.Call late =
          client.ping(
              "",
              new Metadata(),
              CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS));
      assertThat(late.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      // Whichever is first: the end of the time here, or the client that takes its call back for
      // it.
      Await.until(
          "a count",
          () ->
              series(server, "rr_grpc_request_total", "Canceled")
                      + series(server, "rr_grpc_request_total", "DeadlineExceeded")
                  == 2);
    }
  }

  private static double series(TestGrpc server, String name, String code) {
    return Scrape.of(server.plugin.metrics())
        .values()
        .getOrDefault(
            name + "{grpc_method=\"/service.Echo/Ping\",status_code=\"" + code + "\"}", 0.0);
  }

  @Test
  void callsAreCountedMeasuredAndLogged() throws Exception {
    try (TestGrpc server =
        serve((request, reply) ->
            FakePool.answer(reply, request.text().isEmpty() ? "[]" : "{}", "x"))) {
      Client client = server.client();
      assertThat(client.ping("a").outcome()).isEqualTo("x");
      assertThat(client.ping("").status().getCode()).isEqualTo(Status.Code.UNKNOWN);
      Scrape scrape = Scrape.of(server.plugin.metrics());
      assertThat(series(server, "rr_grpc_request_total", "OK")).isEqualTo(1);
      assertThat(series(server, "rr_grpc_request_total", "Unknown")).isEqualTo(1);
      assertThat(
              scrape
                  .distribution(
                      "rr_grpc_request_duration_seconds{grpc_method=\"/service.Echo/Ping\"}")
                  .counts()
                  .stream()
                  .mapToLong(Long::longValue)
                  .sum())
          .isEqualTo(2);
      assertThat(scrape.values())
          .containsEntry("rr_grpc_requests_queue", 0.0)
          .containsKeys(
              "rr_grpc_total_workers",
              "rr_grpc_workers_memory_bytes",
              "rr_grpc_workers_ready",
              "rr_grpc_workers_working",
              "rr_grpc_workers_invalid");
      assertThat(server.log.with("DEBUG method was called successfully")).hasSize(1);
      assertThat(server.log.with("ERROR method call was finished with error"))
          .singleElement()
          .asString()
          .contains("rpc error: code = Unknown desc = json:", "/service.Echo/Ping");
      assertThat(server.log.with("INFO grpc server was started")).hasSize(1);
    }
  }

  @Test
  void aCallIsASpanAndPassesItOn() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (TestGrpc server =
        new TestGrpc(
                folder,
                "",
                new FakePool(CONTEXT),
                (name, kind, incoming) -> {
                  heard.add(kind + " " + name + " of " + incoming.apply("traceparent"));
                  return new PassedOnSpan(new RecordingSpan(heard));
                })
            .start()) {
      Metadata metadata = new Metadata();
      metadata.put(Client.text("traceparent"), "00-out-01");
      assertThat(server.client().ping("", metadata, CallOptions.DEFAULT).outcome())
          .contains("\"Traceparent\":[\"00-in-01\"]", "\"traceparent\":[\"00-out-01\"]");
      assertThat(heard)
          .containsExactly(
              "SERVER service.Echo/Ping of 00-out-01",
              "rpc.system=grpc",
              "rpc.service=service.Echo",
              "rpc.method=Ping",
              "rpc.grpc.status_code=0",
              "end");
    }
  }

  @Test
  void whatIsWrongIsToldBeforeTheStart() throws Exception {
    Files.writeString(folder.resolve("bad.proto"), "service {}");
    Files.writeString(folder.resolve("twice.proto"), TestGrpc.ECHO);
    try (TestGrpc server =
        new TestGrpc(
            folder,
            "proto: [echo.proto, none.proto, bad.proto, twice.proto, \"[[[error\", \"no*.such\"],"
                + " interceptors: [auth], tls: {key: a.key, cert: a.crt, client_auth_type: all}",
            new FakePool(UPPER),
            null)) {
      assertThat(FoundProblems.of(server.plugin))
          .anyMatch(p -> p.contains("grpc.proto: proto file 'none.proto' does not exist"))
          .anyMatch(p -> p.contains("bad.proto:1:9: expected the name of a service, found '{'"))
          .anyMatch(p -> p.contains("the service service.Echo stands in two files"))
          .anyMatch(p -> p.contains("'[[[error' is no pattern: a bracket is not closed"))
          .anyMatch(p -> p.contains("grpc.interceptors: 'auth' is no interceptor"))
          .anyMatch(p -> p.contains("grpc.tls.key: key file 'a.key' does not exist"))
          .anyMatch(p -> p.contains("grpc.tls.client_auth_type: 'all' is unknown"))
          .noneMatch(p -> p.contains("no*.such"));
    }
  }
}
