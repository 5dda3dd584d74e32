package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.PoolConfig;
import dev.rr.pool.WorkerPool;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakeWorker;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With PHP at the other end. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PhpWorkersTest {
  @TempDir Path folder;

  private WorkerPool pool(PoolConfig config) throws IOException {
    return PhpWorkers.pool(folder, config, "grpc-worker.php");
  }

  private TestGrpc serve(int workers) throws Exception {
    return new TestGrpc(folder, "", pool(PoolConfig.of(workers)), null).start();
  }

  @Test
  void messagesContextAndMetadataGoBothWays() throws Exception {
    try (TestGrpc server = serve(1)) {
      Client client = server.client();
      assertThat(client.ping("upper tost").outcome()).isEqualTo("TOST");
      assertThat(client.ping("empty").outcome()).isEmpty();
      assertThat(client.ping("").outcome()).isEmpty();
      assertThat(client.ping("big 3000000").status().isOk()).isTrue();
      assertThat(client.ping("x".repeat(3_000_000)).outcome()).hasSize(3_000_000);
      assertThat(client.ping("context").outcome())
          .startsWith("{\"service\":\"service.Echo\",\"method\":\"Ping\",\"context\":{");
      Client.Call call = client.ping("meta");
      assertThat(call.outcome()).isEqualTo("m");
      assertThat(call.headers().get(Client.text("x-head"))).isEqualTo("h");
      assertThat(call.headers().get(Client.binary("x-raw-bin"))).isEqualTo("ä".getBytes(UTF_8));
      assertThat(call.trailers().get(Client.text("x-trail"))).isEqualTo("t");
    }
  }

  @Test
  void errorsOfBothPackagesHaveTheirDetails() throws Exception {
    try (TestGrpc server = serve(1)) {
      Client client = server.client();
      for (String word : List.of("error", "old")) {
        Client.Call call = client.ping(word + " 7 you may not");
        assertThat(call.outcome()).isEqualTo("PERMISSION_DENIED: you may not");
        RpcStatus status =
            RpcStatus.parse(Objects.requireNonNull(call.trailers().get(Client.DETAILS)));
        assertThat(status.code()).isEqualTo(7);
        assertThat(status.details().getFirst().toByteArray()).endsWith(0x12, 3, 8, 0xff, 1);
      }
      assertThat(client.ping("soft just text").outcome())
          .isEqualTo("INTERNAL: sync_worker_receive_frame: SoftJobError: just text");
      assertThat(client.ping("stream").outcome()).isEqualTo("UNKNOWN: streaming is not supported");
      assertThat(client.ping("upper still here").outcome()).isEqualTo("STILL HERE");
    }
  }

  @Test
  void aWorkerThatDiesFailsItsCallAlone() throws Exception {
    try (TestGrpc server = serve(1)) {
      Client client = server.client();
      assertThat(client.ping("die").status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(client.ping("upper next").outcome()).isEqualTo("NEXT");
    }
  }

  @Test
  void whoFindsNoWorkerIsToldAndADeadlineEndsTheWait() throws Exception {
    PoolConfig config =
        new PoolConfig(
            false,
            PoolConfig.of(1).command(),
            1,
            0,
            0,
            // A worker has to start within that as well.
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Optional.empty(),
            Optional.empty());
    WorkerPool pool = pool(config);
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).start()) {
      Client client = server.client();
      Path go = folder.resolve("go");
      Client.Call held = client.ping("hold " + go);
      Await.until("a working worker", () -> pool.workers().getFirst().isWorking());
      Client.Call soon =
          client.ping(
              "upper a",
              new Metadata(),
              CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS));
      assertThat(soon.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      Await.until("an empty queue", () -> pool.queued() == 0);
      assertThat(client.ping("upper b").outcome())
          .startsWith("INTERNAL: static_pool_exec: NoFreeWorkers:\n\t");
      assertThat(held.isOver()).isFalse();
      Files.createFile(go);
      assertThat(held.outcome()).isEqualTo("held");
    }
  }

  @Test
  void noCallIsLostWhileWorkersAreReplaced() throws Exception {
    WorkerPool pool = pool(PoolConfig.of(2));
    try (TestGrpc server = new TestGrpc(folder, "", pool, null).start()) {
      Client client = server.client();
      Set<String> pids = new HashSet<>();
      pids.add(client.ping("pid").outcome());
      Thread reset =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.plugin.pool().reset();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      boolean over;
      do {
        over = !reset.isAlive();
        Client.Call call = client.ping("pid");
        assertThat(call.status().isOk()).isTrue();
        pids.add(call.outcome());
      } while (!over);
      assertThat(pids).as("an old worker and a new one").hasSizeGreaterThan(1);
    }
  }

  @Test
  void whatAWorkerPrintsInsteadOfServingIsToldAtTheStart() throws Exception {
    WorkerPool pool =
        PhpWorkers.pool(folder, PoolConfig.of(1), FakeWorker.command(folder, "only-print"));
    try (TestGrpc server = new TestGrpc(folder, "", pool, null)) {
      assertThatThrownBy(server::start)
          .isInstanceOf(ExecException.class)
          .hasMessageContaining("warning: some weird php error");
    }
  }
}
