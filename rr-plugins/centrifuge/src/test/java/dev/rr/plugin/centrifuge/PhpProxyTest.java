package dev.rr.plugin.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.api.worker.PoolConfig;
import dev.rr.pool.PipeLauncher;
import dev.rr.pool.WorkerPool;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.PhpWorkerScript;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With PHP at the other end. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PhpProxyTest {
  @TempDir Path folder;

  /** A pool of PHP workers that answer as Centrifugo wants it. */
  static WorkerPool pool(Path folder, int workers) throws IOException {
    Path script = PhpWorkerScript.put(folder, PhpProxyTest.class, "centrifuge-worker.php");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("RR_RELAY", "pipes");
    environment.put("RR_MODE", "centrifuge");
    ProcessCommand process =
        new ProcessCommand(
            List.of("php", "-n", script.toString()), environment, folder, Optional.empty());
    return new WorkerPool(
        "centrifuge",
        PoolConfig.of(workers),
        () -> new PipeLauncher(process),
        new RecordingLog(),
        Log.NONE);
  }

  private TestCentrifuge serve(int workers) throws Exception {
    return new TestCentrifuge(folder, "", pool(folder, workers)).start();
  }

  /** A call with data, as a client of Centrifugo sends it. */
  private static String call(ProxyClient client, String method, String data) throws Exception {
    ProxyClient.Outcome outcome = client.call(method, Texts.message(10, data));
    return outcome.status().isOk() ? new String(outcome.message(), UTF_8) : outcome.text();
  }

  @Test
  void phpIsToldTheTypeInProtobufsCodec() throws Exception {
    try (TestCentrifuge server = serve(1)) {
      ProxyClient client = server.client();
      for (String method : ProxyService.METHODS) {
        String type = method.toLowerCase(Locale.ROOT);
        assertThat(call(client, method, "{\"foo\":\"bar\"}"))
            .startsWith("\n")
            .contains("\n" + (char) type.length() + type + "*")
            .contains("\"type\":[\"" + type + "\"]", "\"content-type\":[\"application");
      }
    }
  }

  @Test
  void errorsStreamsAndDeathsFailTheirCallAlone() throws Exception {
    try (TestCentrifuge server = serve(1)) {
      ProxyClient client = server.client();
      assertThat(call(client, "Connect", "soft"))
          .isEqualTo("UNKNOWN: sync_worker_receive_frame: SoftJobError: no such user");
      assertThat(call(client, "Connect", "stream"))
          .isEqualTo("UNKNOWN: streaming response not supported");
      assertThat(call(client, "Connect", "die")).startsWith("UNKNOWN: ");
      assertThat(call(client, "Connect", "")).contains("connect");
    }
  }

  @Test
  void noCallIsLostWhileWorkersAreReplaced() throws Exception {
    try (TestCentrifuge server = serve(2)) {
      ProxyClient client = server.client();
      Set<String> pids = new HashSet<>();
      pids.add(call(client, "RPC", "pid"));
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
        String answer = call(client, "RPC", "pid");
        assertThat(answer).startsWith("\n");
        pids.add(answer);
      } while (!over);
      assertThat(pids).as("an old worker and a new one").hasSizeGreaterThan(1);
    }
  }

  @Test
  void threeWorkersAreElevenFiguresAndWell() throws Exception {
    try (TestCentrifuge server = serve(3)) {
      assertThat(Scrape.of(server.plugin.metrics()).values()).hasSize(11);
      assertThat(server.plugin.pool().live().status()).isEqualTo(200);
      assertThat(server.plugin.pool().ready().status()).isEqualTo(200);
    }
  }
}
