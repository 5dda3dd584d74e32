package dev.rr.plugin.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Span;
import dev.rr.testing.plugin.PassedOnSpan;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** PHP calls Centrifugo. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ApiTest {
  @TempDir Path folder;

  private TestCentrifuge server(String address, String more) throws Exception {
    return new TestCentrifuge(
        folder, "grpc_api_address: \"" + address + "\"" + more, FakePool.answering("", ""));
  }

  @Test
  void everyMethodIsHandedOnAndAnswered() throws Exception {
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge server = server(api.address(), "").start()) {
      for (String method : CentrifugeRpc.METHODS) {
        String name = (char) method.length() + method;
        assertThat(server.rpc(method, "asked")).isEqualTo("\022" + name);
        assertThat(api.calls.getLast()).isEqualTo(method + " null asked");
      }
      assertThat(server.plugin.rpc().methods()).hasSize(34).containsOnlyKeys(CentrifugeRpc.METHODS);
    }
  }

  @Test
  void callsAreCompressedWhereThatIsWished() throws Exception {
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge server =
            server("tcp://" + api.address(), ", use_compressor: true").start()) {
      assertThat(server.rpc("Publish", "asked")).isEqualTo("\022\007Publish");
      assertThat(api.calls).containsExactly("Publish gzip asked");
    }
  }

  @Test
  void theKeyOfTheApiIsToldWithEachCall() throws Exception {
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge without = server(api.address(), "").start();
        TestCentrifuge with = server(api.address(), ", api_key: s3cret").start()) {
      without.rpc("Publish", "asked");
      with.rpc("Publish", "asked");
      with.rpc("Info", "asked");
      assertThat(api.keys).containsExactly("null", "apikey s3cret", "apikey s3cret");
    }
  }

  @Test
  void whatCentrifugoRefusesIsToldInGosWords() throws Exception {
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge server = server(api.address(), "").start()) {
      assertThatThrownBy(() -> server.rpc("Publish", "refuse"))
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .hasMessage("rpc error: code = PermissionDenied desc = you may not");
    }
  }

  @Test
  void nobodyIsCalledBeforeTheStart() throws Exception {
    try (TestCentrifuge server = server("127.0.0.1:1", "")) {
      assertThatThrownBy(() -> server.rpc("Publish", "asked"))
          .hasMessage("RoadRunner is not ready yet, try in a few seconds");
    }
  }

  @Test
  void centrifugoMayBeStartedLaterAndComeBack() throws Exception {
    int port = TestServer.freePort();
    try (TestCentrifuge server = server("127.0.0.1:" + port, "").start()) {
      assertThatThrownBy(() -> server.rpc("Publish", "asked"))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessageStartingWith(
              "rpc error: code = Unavailable desc = cannot reach Centrifugo at 127.0.0.1:"
                  + port
                  + ": ");
      for (int round = 0; round < 2; round++) {
        try (FakeApi api = new FakeApi(folder, port, Optional.empty())) {
          Await.until("an answer", () -> answers(server));
          assertThat(api.calls).isNotEmpty();
        }
        Await.until("no answer", () -> !answers(server));
      }
    }
  }

  private static boolean answers(TestCentrifuge server) {
    try {
      return server.rpc("Publish", "asked").contains("Publish");
    } catch (ExecutionException unreachable) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallBelongsToItsCallersSpanAndIsTakenBackWhenTheCallerLeaves() throws Exception {
    AtomicReference<@Nullable Runnable> leave = new AtomicReference<>();
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge server = server(api.address(), "").start()) {
      CompletableFuture<Void> calling =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> server.rpc("Publish", "hang", leaving(leave)))
                      .rootCause()
                      .hasMessageContaining("rpc error: code = Canceled"),
              work -> Thread.ofPlatform().name("test-caller").start(work));
      Await.until("a call", () -> !api.calls.isEmpty() && leave.get() != null);
      Objects.requireNonNull(leave.get()).run();
      Await.until("a call taken back", () -> api.cancelled.get() == 1);
      assertThat(api.traces).as("the caller's span").containsExactly("00-in-01");
      calling.get(30, TimeUnit.SECONDS);
    }
  }

  private static RpcCall leaving(AtomicReference<@Nullable Runnable> leave) {
    return new RpcCall() {
      @Override
      public Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(1));
      }

      @Override
      public Span span() {
        return new PassedOnSpan(Span.NONE);
      }

      @Override
      public boolean left() {
        return false;
      }

      @Override
      public void onLeave(Runnable action) {
        leave.set(action);
      }
    };
  }

  @Test
  void aCodecThatWouldLoseTheMessageIsRefused() throws Exception {
    try (FakeApi api = new FakeApi(folder, 0, Optional.empty());
        TestCentrifuge server = server(api.address(), "").start()) {
      assertThatThrownBy(() ->
              Objects.requireNonNull(server.plugin.rpc().methods().get("Publish"))
                  .call(object(), RpcCall.OWN))
          .hasMessage("centrifuge.Publish takes and answers protobuf alone, use that codec");
      assertThat(api.calls).isEmpty();
    }
  }

  /** An object in JSON: no field of it is known to a message without fields, and it is no bytes. */
  private static RpcArgument object() {
    return (RpcArgument)
        Proxy.newProxyInstance(
            RpcArgument.class.getClassLoader(),
            new Class<?>[] {RpcArgument.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("message")) {
                return arguments[0];
              }
              throw new IllegalArgumentException("json: cannot unmarshal object");
            });
  }
}
