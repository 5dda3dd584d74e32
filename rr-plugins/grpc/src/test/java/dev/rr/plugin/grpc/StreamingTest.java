package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.Reply;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Methods that stream, as the proto file says. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class StreamingTest {
  @TempDir Path folder;

  @BeforeEach
  void proto() throws Exception {
    Files.writeString(
        folder.resolve("echo.proto"),
        """
        syntax = "proto3";
        package s;
        message M {}
        service Streams {
          rpc Server (M) returns (stream M);
          rpc Client (stream M) returns (M);
          rpc Both (stream M) returns (stream M);
        }
        """);
  }

  private TestGrpc serve(FakePool.Worker worker) throws Exception {
    return TestGrpc.start(folder, "max_recv_msg_size: 1", worker);
  }

  private static Client.Call open(TestGrpc server, MethodType type, String method) {
    return server.client().open(type, "s.Streams", method, new Metadata(), CallOptions.DEFAULT);
  }

  private static Client.Call ask(TestGrpc server) {
    Client.Call call = open(server, MethodType.SERVER_STREAMING, "Server");
    call.send("ask".getBytes(UTF_8));
    call.end();
    return call;
  }

  private static boolean frame(Reply reply, String context, String body, boolean last) {
    return reply.frame(8, FakePool.bytes(context), FakePool.bytes(body), 0, last);
  }

  private static String text(Client.Call call) throws Exception {
    return new String(call.next(), UTF_8);
  }

  @Test
  void eachFrameOfAStreamIsAMessage() throws Exception {
    try (TestGrpc server =
        serve((request, reply) -> {
          assertThat(frame(reply, "{\"headers\":\"{\\\"h\\\":\\\"1\\\"}\"}", "one", false))
              .isTrue();
          assertThat(reply.frame(8, FakePool.bytes(""), FakePool.bytes("tw"), 1, false)).isTrue();
          assertThat(reply.body(FakePool.bytes("o"), 0)).isTrue();
          assertThat(frame(reply, "", "", false)).isTrue();
          assertThat(frame(reply, "{\"trailers\":\"{\\\"t\\\":\\\"2\\\"}\"}", "", true)).isTrue();
        })) {
      Client.Call call = ask(server);
      assertThat(text(call)).isEqualTo("one");
      assertThat(text(call)).isEqualTo("two");
      assertThat(text(call)).isEmpty();
      assertThat(call.status().isOk()).isTrue();
      assertThat(call.headers().get(Client.text("h"))).isEqualTo("1");
      assertThat(call.trailers().get(Client.text("t"))).isEqualTo("2");
      assertThat(server.log.with("method was called successfully")).hasSize(1);
    }
  }

  @Test
  void aLastFrameWithABodyIsAMessageAsWell() throws Exception {
    try (TestGrpc server =
        serve((request, reply) -> {
          boolean unused = frame(reply, "", "one", false) && frame(reply, "", "two", true);
        })) {
      Client.Call call = ask(server);
      assertThat(text(call) + text(call)).isEqualTo("onetwo");
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void anAnswerOfOneFrameIsAStreamOfOne() throws Exception {
    try (TestGrpc server = serve((request, reply) -> FakePool.answer(reply, "{}", "only"))) {
      Client.Call call = ask(server);
      assertThat(text(call)).isEqualTo("only");
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void aStreamWithoutMessagesIsAnEndAlone() throws Exception {
    try (TestGrpc server = serve((request, reply) -> FakePool.answer(reply, "", ""))) {
      Client.Call call = ask(server);
      assertThat(call.status().isOk()).isTrue();
      assertThat(call.received()).isZero();
    }
    try (TestGrpc server = serve((request, reply) -> FakePool.answer(reply, "{}", ""))) {
      Client.Call call = ask(server);
      assertThat(text(call)).as("as the package answers, of one message").isEmpty();
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void aStreamMayEndWithAnError() throws Exception {
    try (TestGrpc server =
        serve((request, reply) -> {
          boolean unused =
              frame(reply, "", "one", false)
                  && frame(reply, "{\"error\":\"CAkSA2VuZA==\"}", "", true);
        })) {
      Client.Call call = ask(server);
      assertThat(text(call)).isEqualTo("one");
      assertThat(call.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(call.status().getDescription()).isEqualTo("end");
    }
  }

  @Test
  void aStreamWaitsForItsReaderAndEndsWithIt() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    try (TestGrpc server =
        serve((request, reply) -> {
          ByteBuffer large = ByteBuffer.allocate(100_000);
          while (reply.frame(8, FakePool.bytes(""), large.duplicate(), 0, false)) {
            sent.incrementAndGet();
          }
          ended.incrementAndGet();
        })) {
      Client.Call call = open(server, MethodType.SERVER_STREAMING, "Server");
      // The client has asked for a thousand messages, which is more than its window takes.
      call.send(new byte[0]);
      call.end();
      Await.until("a stream", () -> sent.get() > 5);
      call.cancel();
      Await.until("the end", () -> ended.get() == 1);
    }
  }

  @Test
  void messagesOfAClientComeTogetherWithTheirLengths() throws Exception {
    try (TestGrpc server =
        serve((request, reply) ->
            FakePool.answer(reply, "{}", request.context() + " " + request.text()))) {
      Client.Call call = open(server, MethodType.CLIENT_STREAMING, "Client");
      call.send("one".getBytes(UTF_8));
      call.send(new byte[0]);
      call.send("three".getBytes(UTF_8));
      call.end();
      assertThat(text(call)).endsWith(",\"messages\":[3,0,5]} onethree");
      assertThat(call.status().isOk()).isTrue();
      Client.Call none = open(server, MethodType.CLIENT_STREAMING, "Client");
      none.end();
      assertThat(text(none)).endsWith(",\"messages\":[]} ");
      Client.Call one = open(server, MethodType.CLIENT_STREAMING, "Client");
      one.send("one".getBytes(UTF_8));
      one.end();
      assertThat(text(one)).endsWith("} one").doesNotContain("messages");
    }
  }

  @Test
  void messagesOfAClientAreBoundedTogether() throws Exception {
    try (TestGrpc server = serve((request, reply) -> FakePool.answer(reply, "{}", "x"))) {
      Client.Call call = open(server, MethodType.CLIENT_STREAMING, "Client");
      for (int i = 0; i < 3; i++) {
        call.send(new byte[400_000]);
      }
      assertThat(call.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }
}
