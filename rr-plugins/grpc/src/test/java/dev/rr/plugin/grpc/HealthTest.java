package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class HealthTest {
  private static final String HEALTH = "grpc.health.v1.Health";
  private static final byte[] SERVING = {8, 1};
  private static final byte[] NOT_SERVING = {8, 2};

  @TempDir Path folder;

  private TestGrpc serve() throws Exception {
    return TestGrpc.start(folder, "", (request, reply) -> FakePool.answer(reply, "{}", "x"));
  }

  private static Client.Call ask(Client client, String method) {
    // {service: "any"}
    byte[] request = {10, 3, 'a', 'n', 'y'};
    return client.unary(HEALTH, method, request, new Metadata(), CallOptions.DEFAULT);
  }

  private static Client.Call watch(Client client) {
    Client.Call call =
        client.open(
            MethodType.SERVER_STREAMING, HEALTH, "Watch", new Metadata(), CallOptions.DEFAULT);
    call.send(new byte[0]);
    call.end();
    return call;
  }

  @Test
  void aServerThatHasStartedServesWhateverIsAskedFor() throws Exception {
    try (TestGrpc server = serve()) {
      Client client = server.client();
      Client.Call check = ask(client, "Check");
      assertThat(check.status().isOk()).isTrue();
      assertThat(check.next()).isEqualTo(SERVING);
      Client.Call list = ask(client, "List");
      assertThat(list.next())
          .isEqualTo(new byte[] {10, 10, 10, 4, 'g', 'r', 'p', 'c', 18, 2, 8, 1});
      assertThat(list.status().isOk()).isTrue();
      assertThat(Scrape.of(server.plugin.metrics()).values())
          .containsEntry(
              "rr_grpc_request_total{grpc_method=\"/grpc.health.v1.Health/Check\",status_code=\"OK\"}",
              1.0);
    }
  }

  @Test
  void whoWatchesIsToldEachChangeUntilTheEnd() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call watch = watch(server.client());
      assertThat(watch.next()).isEqualTo(SERVING);
      server.plugin.stop(Deadline.after(Duration.ofSeconds(20)));
      assertThat(watch.next()).isEqualTo(NOT_SERVING);
      assertThat(watch.status().getCode()).isEqualTo(Status.Code.CANCELLED);
      assertThat(watch.status().getDescription()).isEqualTo("Stream has ended");
    }
  }

  @Test
  void whoStopsWatchingIsForgotten() throws Exception {
    try (TestGrpc server = serve()) {
      Client client = server.client();
      Client.Call watch = watch(client);
      assertThat(watch.next()).isEqualTo(SERVING);
      watch.cancel();
      assertThat(watch.status().getCode()).isEqualTo(Status.Code.CANCELLED);
      assertThat(ask(client, "Check").status().isOk()).isTrue();
    }
  }

  @Test
  void nothingChangesAfterTheEnd() {
    HealthService health = new HealthService();
    health.serving(true);
    health.shutDown();
    health.serving(true);
    assertThat(health.status()).isEqualTo(NOT_SERVING);
  }
}
