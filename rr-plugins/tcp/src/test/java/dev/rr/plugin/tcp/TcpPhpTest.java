package dev.rr.plugin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.StringOrList;
import dev.rr.api.health.Health;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.pool.WorkerPool;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.PhpPackages;
import dev.rr.testing.worker.PhpWorkerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real PHP on the other side of a pool. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TcpPhpTest {
  @TempDir Path folder;

  private static PoolConfig killingAfter(Duration limit) {
    Duration minute = Duration.ofMinutes(1);
    return new PoolConfig(
        false,
        StringOrList.EMPTY,
        1,
        0,
        0,
        minute,
        minute,
        minute,
        minute,
        Optional.of(
            new PoolConfig.Supervisor(
                Duration.ofMillis(100), Duration.ZERO, Duration.ZERO, limit, 0)),
        Optional.empty());
  }

  private static List<Long> pids(WorkerPool pool) {
    return pool.workers().stream().map(WorkerSnapshot::pid).toList();
  }

  private void awaitEvents(String... expected) {
    Await.until(
        Duration.ofSeconds(30),
        () -> TcpHarness.events(folder).toString(),
        () -> TcpHarness.events(folder).equals(List.of(expected)));
  }

  @Test
  void eachOfManyClientsGetsItsOwnAnswers() throws Exception {
    String section =
        "{servers: {one: {addr: \"127.0.0.1:0\"}, two: {addr: \"127.0.0.1:0\"},"
            + " three: {addr: \"127.0.0.1:0\"}}}";
    try (TcpHarness rr =
        TcpHarness.of(folder, section, TcpHarness.php(folder, PoolConfig.of(2))).start()) {
      List<Client> clients = new ArrayList<>();
      for (String server : List.of("one", "two", "three")) {
        clients.add(rr.connect(server));
      }
      for (int round = 0; round < 100; round++) {
        for (Client client : clients) {
          client.send("tag\r\n");
        }
        for (int i = 0; i < clients.size(); i++) {
          assertThat(clients.get(i).line())
              .startsWith(clients.get(i).address() + " " + List.of("one", "two", "three").get(i));
        }
      }
      for (Client client : clients) {
        client.close();
      }
      assertThat(clients).hasSize(3);
    }
  }

  @Test
  void everyAnswerDoesWhatItDoesUpstream() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", TcpHarness.php(folder, PoolConfig.of(1)))) {
      try (Client client = rr.connect()) {
        assertThat(client.ask("mode\r\n")).isEqualTo("tcp");
        client.send("silent\r\n");
        awaitEvents("CONNECTED", "DATA 6", "DATA 8");
        assertThat(client.ask("echo\r\n")).isEqualTo("echo");
        assertThat(client.send("bye\r\n").rest()).isEqualTo("bye\r\n");
      }
      for (String word : List.of("close", "nonsense", "error", "stream")) {
        try (Client client = rr.connect()) {
          assertThat(client.send(word + "\r\n").rest()).as(word).isEmpty();
        }
      }
      // Errors are no ends that workers hear of.
      Await.until(
          "told", () -> TcpHarness.events(folder).stream().filter("CLOSE"::equals).count() == 3);
    }
  }

  @Test
  void aLargeAnswerArrivesWhole() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", TcpHarness.php(folder, PoolConfig.of(1)));
        Client client = rr.connect()) {
      client.send("big 10000000\r\n");
      assertThat(client.read(10_000_002)).isEqualTo(10_000_002);
      Await.until("all is given back", () -> rr.plugin.budget().taken() == 0);
    }
  }

  @Test
  void aWorkerThatDiesCostsItsOwnClientOnly() throws Exception {
    WorkerPool pool = TcpHarness.php(folder, PoolConfig.of(1));
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client other = rr.connect()) {
      String before = other.ask("pid\r\n");
      try (Client client = rr.connect()) {
        assertThat(client.send("crash\r\n").rest()).isEmpty();
      }
      assertThat(other.ask("pid\r\n")).isNotEmpty().isNotEqualTo(before);
      assertThat(rr.log.with("execute error")).hasSize(1);
    }
  }

  @Test
  void aWorkerThatHangsIsKilledAndItsClientIsClosed() throws Exception {
    try (TcpHarness rr =
            TcpHarness.main(
                folder, "", TcpHarness.php(folder, killingAfter(Duration.ofSeconds(3))));
        Client client = rr.connect();
        Client other = rr.connect()) {
      assertThat(client.send("hang\r\n").rest()).isEmpty();
      assertThat(other.ask("echo\r\n")).isEqualTo("echo");
    }
  }

  @Test
  void workersAreReplacedUnderOpenConnections() throws Exception {
    WorkerPool pool = TcpHarness.php(folder, PoolConfig.of(2));
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.ask("echo\r\n")).isEqualTo("echo");
      List<Long> before = pids(pool);
      rr.plugin.pool().addWorker();
      assertThat(pids(pool)).hasSize(3);
      rr.plugin.pool().removeWorker();
      assertThat(pids(pool)).hasSize(2);
      rr.plugin.pool().reset();
      assertThat(pids(pool)).hasSize(2).doesNotContainAnyElementsOf(before);
      assertThat(client.ask("echo\r\n")).isEqualTo("echo");
      assertThat(rr.plugin.pool().ready()).isEqualTo(Health.UP);
    }
  }

  @Test
  void theEndOfEachConnectionIsToldBeforeWorkersStop() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", TcpHarness.php(folder, PoolConfig.of(1)))) {
      Client client = rr.connect();
      assertThat(client.ask("echo\r\n")).isEqualTo("echo");
      rr.stop(Duration.ofSeconds(10));
      awaitEvents("CONNECTED", "DATA 6", "CLOSE");
      client.close();
    }
  }

  @Test
  @Tag(PhpPackages.TAG)
  void theRealPackageTalksToClients() throws Exception {
    Path script = PhpWorkerScript.put(folder, TcpPhpTest.class, "package-worker.php");
    String autoload = PhpPackages.folder().resolve("autoload.php").toString();
    WorkerPool pool =
        TcpHarness.php(
            PoolConfig.of(1),
            folder,
            "php",
            "-d",
            "display_errors=stderr",
            script.toString(),
            autoload);
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.line()).isEqualTo("hello " + client.address());
      assertThat(client.ask("ping\r\n")).isEqualTo("ping main");
      client.send("quiet\r\n");
      Await.until("told", () -> seen().equals(List.of("Connected", "Data", "Data")));
      assertThat(client.ask("bye\r\n")).isEqualTo("bye");
      assertThat(client.rest()).isEmpty();
      Await.until(
          "the end", () -> seen().equals(List.of("Connected", "Data", "Data", "Data", "Close")));
    }
  }

  private List<String> seen() {
    try {
      return Files.readAllLines(folder.resolve("events.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
