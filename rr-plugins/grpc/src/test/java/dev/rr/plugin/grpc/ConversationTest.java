package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Conversation;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Reply;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Methods where both sides stream: the worker answers while the client still sends. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ConversationTest {
  @TempDir Path folder;

  private TestGrpc serve() throws Exception {
    return new TestGrpc(
            folder, "", PhpWorkers.pool(folder, PoolConfig.of(1), "conversation-worker.php"), null)
        .start();
  }

  private static Client.Call open(TestGrpc server, String first) {
    return open(server, first, CallOptions.DEFAULT);
  }

  private static Client.Call open(TestGrpc server, String first, CallOptions options) {
    return open(server.client(), first, options);
  }

  private static Client.Call open(Client client, String first, CallOptions options) {
    Client.Call call =
        client.open(MethodType.BIDI_STREAMING, "service.Echo", "Pong", new Metadata(), options);
    call.send(first.getBytes(UTF_8));
    return call;
  }

  private static String text(Client.Call call) throws Exception {
    return new String(call.next(), UTF_8);
  }

  @Test
  void aWorkerAnswersEachMessageBeforeTheNextIsSent() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "twice");
      for (String message : new String[] {"one", "two", ""}) {
        call.send(message.getBytes(UTF_8));
        assertThat(text(call)).isEqualTo(message + " once");
        assertThat(text(call)).isEqualTo(message + " twice");
      }
      call.end();
      assertThat(call.status().isOk()).isTrue();
      assertThat(call.trailers().get(Client.text("x-end"))).isEqualTo("end");
      assertThat(call.trailers().get(Client.text("x-count"))).isEqualTo("3");
      assertThat(call.received()).isZero();
      assertThat(server.log.with("method was called successfully")).hasSize(1);
    }
  }

  @Test
  void messagesThatComeAllAtOnceAreTakenOneByOne() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "twice", CallOptions.DEFAULT.withCompression("gzip"));
      for (int i = 0; i < 100; i++) {
        call.send(("message " + i).getBytes(UTF_8));
      }
      call.end();
      for (int i = 0; i < 100; i++) {
        assertThat(text(call)).isEqualTo("message " + i + " once");
        assertThat(text(call)).isEqualTo("message " + i + " twice");
      }
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void aWorkerMaySpeakWhileTheClientSaysNothing() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "tick 5");
      for (int i = 0; i < 3; i++) {
        assertThat(text(call)).isEqualTo("tick");
      }
      call.send("over".getBytes(UTF_8));
      String said = "tick";
      while (said.equals("tick")) {
        said = text(call);
      }
      assertThat(said).isEqualTo("message over");
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void aWorkerThatAnswersOnceHasTheFirstMessage() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "hello");
      assertThat(text(call)).isEqualTo("hello");
      assertThat(call.status().isOk()).as("though the client has not ended").isTrue();
      Client.Call none =
          server
              .client()
              .open(
                  MethodType.BIDI_STREAMING,
                  "service.Echo",
                  "Pong",
                  new Metadata(),
                  CallOptions.DEFAULT);
      none.end();
      assertThat(text(none)).endsWith(",\"messages\":[]}");
      assertThat(none.status().isOk()).isTrue();
    }
  }

  @Test
  void aWorkerMayEndBeforeTheClient() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "early");
      call.send("one".getBytes(UTF_8));
      assertThat(text(call)).isEqualTo("enough");
      assertThat(call.status().isOk()).isTrue();
      call.send("two".getBytes(UTF_8));
      assertThat(open(server, "next").next()).isEqualTo("next".getBytes(UTF_8));
    }
  }

  @Test
  void aSlowWorkerHoldsUpTheClientAndAStreamMayBeLargerThanWhatIsHeld() throws Exception {
    Path file = folder.resolve("go");
    int message = 50_000;
    int bytes = 40_000_000;
    try (TestGrpc server =
        new TestGrpc(
                folder,
                "",
                PhpWorkers.pool(folder, PoolConfig.of(1), "conversation-worker.php"),
                null)
            .holding(4_000_000)
            .start()) {
      Client.Call call = open(server, "hold " + file);
      int sent = 0;
      for (int stalled = 0; stalled < 100; ) {
        if (call.isReady()) {
          assertThat(sent).as("bytes that nobody reads").isLessThan(bytes / 2);
          call.send(new byte[message]);
          sent += message;
          stalled = 0;
        } else {
          stalled++;
          TimeUnit.MILLISECONDS.sleep(5);
        }
      }
      Files.createFile(file);
      while (sent < bytes) {
        Await.until("room", call::isReady);
        call.send(new byte[message]);
        sent += message;
      }
      call.end();
      assertThat(text(call)).isEqualTo(Integer.toString(bytes));
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void whoseMessagesFindNoRoomWhileTheirWorkersAreSlowIsRefused() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (TestGrpc server =
        new TestGrpc(folder, "", new FakePool((request, reply) -> over.await()), null)
            .holding(4_000_000)
            .start()) {
      List<Client.Call> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Client.Call call = open(server, "first");
        call.send(new byte[1]);
        calls.add(call);
      }
      // Each is a byte, and what may come behind it.
      Await.until("a refusal", () -> calls.stream().anyMatch(Client.Call::isOver));
      assertThat(calls.stream().filter(Client.Call::isOver).findFirst().orElseThrow().outcome())
          .isEqualTo(
              "RESOURCE_EXHAUSTED: the server holds as many messages as it may, try again later");
      assertThat(calls).filteredOn(call -> !call.isOver()).hasSize(2);
      calls.forEach(Client.Call::cancel);
      over.countDown();
    }
  }

  @Test
  void aWorkerHearsOfAClientThatLeft() throws Exception {
    try (TestGrpc server = serve()) {
      Path told = folder.resolve("told");
      Client.Call call = open(server, "tell " + told);
      Await.until("a working worker", () -> server.plugin.pool().workers().getFirst().isWorking());
      call.cancel();
      Await.until("what it was told", () -> Files.exists(told));
      assertThat(told).hasContent("cancelled cancelled");
      assertThat(open(server, "next").next()).isEqualTo("next".getBytes(UTF_8));
      Await.until("it is logged", () -> server.log.with("context canceled").size() == 1);
    }
  }

  @Test
  void aWorkerHearsOfADeadline() throws Exception {
    try (TestGrpc server = serve()) {
      Path told = folder.resolve("told");
      // Told by hand, or the client would look at its own clock and leave a moment before.
      Metadata metadata = new Metadata();
      metadata.put(Client.text("grpc-timeout"), "3S");
      Client.Call call =
          server
              .client()
              .open(
                  MethodType.BIDI_STREAMING, "service.Echo", "Pong", metadata, CallOptions.DEFAULT);
      call.send(("tell " + told).getBytes(UTF_8));
      Await.until("what it was told", () -> Files.exists(told));
      assertThat(told).hasContent("deadline deadline");
      assertThat(call.status().isOk()).isFalse();
      Await.until("it is logged", () -> server.log.with("context deadline exceeded").size() == 1);
    }
  }

  @Test
  void aWorkerThatIsKilledWhileItWaitsEndsTheCallAtOnce() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "pid");
      long pid = Long.parseLong(text(call));
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(call.status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(call.status().getDescription()).contains("Network", "EOF");
      assertThat(open(server, "next").next()).isEqualTo("next".getBytes(UTF_8));
    }
  }

  @Test
  void aWorkerThatDiesAmidItsAnswerEndsTheCall() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = open(server, "die");
      call.send("one".getBytes(UTF_8));
      assertThat(call.status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(open(server, "next").next()).isEqualTo("next".getBytes(UTF_8));
    }
  }

  @Test
  void aMessageThatIsTooLargeEndsItsCallForBothSidesAndNoOther() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (TestGrpc server =
        TestGrpc.start(
            folder,
            "max_recv_msg_size: 1",
            (request, reply) -> {
              told.add(ask(reply, "{\"next\":\"30000\"}"));
              boolean unused = frame(reply, "", "heard", true);
            })) {
      Client client = server.client();
      Client.Call other = open(client, "first", CallOptions.DEFAULT);
      Client.Call call = open(client, "first", CallOptions.DEFAULT);
      call.send(new byte[1_200_000]);
      assertThat(call.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("{\"next\":\"cancelled\"}");
      Await.until("an end", () -> !server.log.with("finished with error").isEmpty());
      other.send(new byte[1]);
      assertThat(text(other)).isEqualTo("heard");
      assertThat(other.status().isOk()).isTrue();
    }
  }

  @Test
  void whereOnlyTheAnswerStreamsTheClientHasSentAll() throws Exception {
    Files.writeString(
        folder.resolve("echo.proto"),
        """
        syntax = "proto3";
        package service;
        message Message {}
        service Echo { rpc Find (Message) returns (stream Message); }
        """);
    try (TestGrpc server = serve()) {
      for (int i = 0; i < 2; i++) {
        Client.Call call =
            server
                .client()
                .open(
                    MethodType.SERVER_STREAMING,
                    "service.Echo",
                    "Find",
                    new Metadata(),
                    CallOptions.DEFAULT);
        call.send("twice".getBytes(UTF_8));
        call.end();
        assertThat(call.status().isOk()).isTrue();
        assertThat(call.received()).isZero();
        assertThat(call.trailers().get(Client.text("x-end"))).isEqualTo("end");
      }
    }
  }

  @Test
  void aWorkerThatAsksWhereNothingStreamsIsFreeAgain() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call refused = unary(server, "pid");
      assertThat(refused.outcome()).isEqualTo("UNKNOWN: streaming is not supported");
      Client.Call call = unary(server, "early");
      assertThat(text(call)).isEqualTo("enough");
      assertThat(call.status().isOk()).isTrue();
    }
  }

  private static Client.Call unary(TestGrpc server, String word) {
    Client.Call call =
        server
            .client()
            .open(MethodType.UNARY, "service.Echo", "Ping", new Metadata(), CallOptions.DEFAULT);
    call.send(word.getBytes(UTF_8));
    call.end();
    return call;
  }

  @Test
  void aStopEndsWhatWaitsForClientsThatSayNothing() throws Exception {
    try (TestGrpc server = serve()) {
      Client client = server.client();
      Client.Call talking = open(client, "twice", CallOptions.DEFAULT);
      talking.send("one".getBytes(UTF_8));
      assertThat(text(talking)).isEqualTo("one once");
      Client.Call silent = both(client, "service.Echo", "Pong");
      Client.Call asking =
          both(client, "grpc.reflection.v1.ServerReflection", "ServerReflectionInfo");
      // What comes behind them on their connection.
      client
          .unary("grpc.health.v1.Health", "Check", new byte[0], new Metadata(), CallOptions.DEFAULT)
          .await();
      server.plugin.stop(Deadline.after(Duration.ofSeconds(30)));
      assertThat(talking.status().isOk()).isTrue();
      assertThat(talking.trailers().get(Client.text("x-end"))).isEqualTo("stopping");
      assertThat(silent.outcome()).isEqualTo("UNAVAILABLE: the server stops");
      assertThat(asking.outcome()).isEqualTo("UNAVAILABLE: the server stops");
      assertThat(server.log.with("cut off")).isEmpty();
    }
  }

  /** By a call that comes behind what was sent on the connection. */
  private static void awaitArrival(Client client) throws Exception {
    CallOptions none = CallOptions.DEFAULT;
    assertThat(
            client
                .unary("grpc.health.v1.Health", "Check", new byte[0], new Metadata(), none)
                .status())
        .isEqualTo(Status.OK);
  }

  private static Client.Call both(Client client, String service, String method) {
    return client.open(
        MethodType.BIDI_STREAMING, service, method, new Metadata(), CallOptions.DEFAULT);
  }

  @Test
  void whatCameBeforeTheStopIsHandedOver() throws Exception {
    Path go = folder.resolve("go");
    try (TestGrpc server = serve()) {
      Client client = server.client();
      Client.Call call = open(client, "hold " + go, CallOptions.DEFAULT);
      call.send("12345".getBytes(UTF_8));
      awaitArrival(client);
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(() -> {
            try {
              server.plugin.stop(Deadline.after(Duration.ofSeconds(30)));
            } catch (Exception e) {
              throw new CompletionException(e);
            }
          });
      Await.until(
          "the log says what it waits for",
          () -> !server.log.with("the server waits for calls to end").isEmpty());
      assertThat(server.log.with("service.Echo/Pong: 1")).hasSize(1);
      Files.createFile(go);
      assertThat(text(call)).isEqualTo("5");
      assertThat(call.status().isOk()).isTrue();
      stop.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aQuestionThatMakesNoSenseEndsTheCall() throws Exception {
    try (TestGrpc server =
        TestGrpc.start(
            folder,
            "",
            (request, reply) -> {
              String said =
                  request.text().equals("number")
                      ? ask(reply, "{\"next\":\"soon\"}")
                      : ask(reply, "{\"next\":5}", "body");
              assertThat(said).isEqualTo("{\"next\":\"cancelled\"}");
              boolean unused = frame(reply, "", "ignored", true);
            })) {
      assertThat(open(server, "number").outcome())
          .isEqualTo(
              "INTERNAL: next is soon in a frame's context, which is no number of milliseconds");
      assertThat(open(server, "body").outcome())
          .isEqualTo("INTERNAL: a frame that asks for the next message has a message");
    }
  }

  private static boolean frame(Reply reply, String context, String body, boolean last) {
    return reply.frame(8, FakePool.bytes(context), FakePool.bytes(body), 0, last);
  }

  private static String ask(Reply reply, String context) throws Exception {
    return ask(reply, context, "");
  }

  private static String ask(Reply reply, String context, String body) throws Exception {
    boolean unused = frame(reply, context, body, false);
    Payload said = Objects.requireNonNull(((Conversation) reply).asked()).get(30, TimeUnit.SECONDS);
    return new String(said.context().bytes(), UTF_8);
  }
}
