package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.grpc.ForwardingGrpcReply;
import dev.rr.api.grpc.GrpcInterceptor;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What other plugins put between clients and workers. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class InterceptorTest {
  @TempDir Path folder;

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private GrpcInterceptor noting(String name) {
    return next ->
        (call, reply) -> {
          seen.add(name + " in");
          call.metadata().add("x-" + name, "1");
          next.handle(
              call,
              new ForwardingGrpcReply(reply) {
                @Override
                public void message(byte[] message) {
                  seen.add(name + " out");
                  headers().add("x-" + name, "2");
                  super.message(message);
                }
              });
        };
  }

  private static final GrpcInterceptor REFUSING =
      next ->
          (call, reply) -> {
            if (call.metadata().get("authorization", "").isEmpty()) {
              reply.fail(GrpcStatus.of(GrpcStatus.UNAUTHENTICATED, "who are you?"));
            } else {
              next.handle(call, reply);
            }
          };

  private TestGrpc serve(String names) throws Exception {
    FakePool.Worker worker = (request, reply) -> FakePool.answer(reply, "", request.context());
    return new TestGrpc(folder, "interceptors: [" + names + "]", new FakePool(worker), null)
        .with("one", noting("one"))
        .with("two", noting("two"))
        .with("auth", REFUSING)
        .with("broken", next -> (call, reply) -> List.of().getFirst())
        .start();
  }

  @Test
  void theFirstMeetsACallFirstAndItsAnswerLast() throws Exception {
    try (TestGrpc server = serve("two, one")) {
      Client.Call call = server.client().ping("");
      assertThat(call.outcome()).contains("\"x-two\":[\"1\"]", "\"x-one\":[\"1\"]");
      assertThat(seen).containsExactly("two in", "one in", "one out", "two out");
      assertThat(call.headers().get(Client.text("x-two"))).isEqualTo("2");
    }
  }

  @Test
  void oneThatIsNotNamedIsNotThere() throws Exception {
    try (TestGrpc server = serve("")) {
      assertThat(server.client().ping("").outcome()).doesNotContain("x-one");
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void itMayAnswerByItselfAndIsCounted() throws Exception {
    try (TestGrpc server = serve("auth, one")) {
      Client client = server.client();
      assertThat(client.ping("").outcome()).isEqualTo("UNAUTHENTICATED: who are you?");
      assertThat(seen).isEmpty();
      Metadata metadata = new Metadata();
      metadata.put(Client.text("authorization"), "me");
      assertThat(client.ping("", metadata, CallOptions.DEFAULT).status().isOk()).isTrue();
      assertThat(Scrape.of(server.plugin.metrics()).values())
          .containsEntry(
              "rr_grpc_request_total{grpc_method=\"/service.Echo/Ping\",status_code=\"Unauthenticated\"}",
              1.0);
    }
  }

  @Test
  void itStandsBeforeHealthAsWell() throws Exception {
    try (TestGrpc server = serve("auth")) {
      assertThat(
              server
                  .client()
                  .unary(
                      "grpc.health.v1.Health",
                      "Check",
                      new byte[0],
                      new Metadata(),
                      CallOptions.DEFAULT)
                  .outcome())
          .isEqualTo("UNAUTHENTICATED: who are you?");
    }
  }

  @Test
  void oneThatThrowsFailsTheCall() throws Exception {
    try (TestGrpc server = serve("broken")) {
      assertThat(server.client().ping("").outcome()).isEqualTo("INTERNAL: internal error");
      assertThat(server.log.with("a call could not be handled")).hasSize(1);
    }
  }
}
