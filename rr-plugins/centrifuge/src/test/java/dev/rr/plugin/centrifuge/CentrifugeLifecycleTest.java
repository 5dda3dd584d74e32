package dev.rr.plugin.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.Pool;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CentrifugeLifecycleTest {
  @TempDir Path folder;

  private CentrifugePlugin plugin(String address) throws Exception {
    return TestCentrifuge.plugin(
        folder,
        "proxy_address: \"" + address + "\"",
        FakePool.answering("", ""),
        new RecordingLog());
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin("127.0.0.1:0"), () -> plugin("127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  void aUnixSocketsFileGoesWithIt() throws Exception {
    Path socket = folder.resolve("proxy.sock");
    LeakCheck.around(() -> {
      CentrifugePlugin plugin = plugin("unix://proxy.sock");
      plugin.start();
      assertThat(Files.exists(socket)).isTrue();
      plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    });
    assertThat(Files.exists(socket)).isFalse();
  }

  @Test
  void callsUnderWayAreAnsweredAndMayCallTheApiBeforeItStops() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> published = new CompletableFuture<>();
    LeakCheck.around(() -> {
      try (FakeApi api = new FakeApi(folder, 0, Optional.empty())) {
        CompletableFuture<TestCentrifuge> itself = new CompletableFuture<>();
        FakePool pool =
            new FakePool((request, reply) -> {
              begun.countDown();
              assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
              published.complete(itself.join().rpc("Publish", "late"));
              TestCentrifuge.answer(reply, Texts.message(1, "late"));
            });
        try (TestCentrifuge server =
            new TestCentrifuge(folder, "grpc_api_address: \"" + api.address() + "\"", pool)
                .start()) {
          itself.complete(server);
          CompletableFuture<ProxyClient.Outcome> call =
              server
                  .client()
                  .begin(
                      MethodType.UNARY,
                      "Connect",
                      Texts.message(1, "a"),
                      new Metadata(),
                      CallOptions.DEFAULT);
          assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
          Thread stopping =
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      server.plugin.stop(Deadline.after(Duration.ofSeconds(20)));
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  });
          goOn.countDown();
          assertThat(call.get(30, TimeUnit.SECONDS).text()).isEqualTo("0a046c617465");
          stopping.join();
        }
      }
    });
    assertThat(published.get(30, TimeUnit.SECONDS)).contains("Publish");
  }

  @Test
  void itsPoolIsOfferedAndStopsWithIt() throws Exception {
    FakePool pool = FakePool.answering("", "");
    CentrifugePlugin plugin = TestCentrifuge.plugin(folder, "", pool, new RecordingLog());
    Pool offered = plugin.pool();
    assertThat(offered).isSameAs(pool);
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    assertThat(pool.managed()).containsExactly("stop");
  }
}
