package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import dev.rr.testing.worker.PhpWorkerScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PHP talks to clients; PHP closes one over RPC; the command line and watchers look. */
class TcpTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path SCRIPTS =
      TOP.resolve("rr-plugins/tcp/src/test/resources/dev/rr/plugin/tcp");
  private static final Path CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");

  private final int status = RrServer.freePort();
  private final int figures = RrServer.freePort();
  private final int lines = RrServer.freePort();
  private final int dots = RrServer.freePort();
  private final String rpc = "tcp://127.0.0.1:" + RrServer.freePort();

  @TempDir Path folder;

  private RrServer start(String worker) throws IOException {
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php -d display_errors=stderr %s"}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        metrics: {address: "127.0.0.1:%d"}
        tcp:
          servers:
            Lines: {addr: "tcp://127.0.0.1:%d"}
            dots: {addr: "127.0.0.1:%d", delimiter: "..."}
          pool: {num_workers: 2}
        """
            .formatted(rpc, worker, status, figures, lines, dots));
    RrServer server = RrServer.start(rr("serve"), status);
    RrServer.await("workers", () -> curl(status, "/ready?plugin=tcp").contains(":200"));
    return server;
  }

  private ShellCommand rr(String... words) {
    String[] command = new String[words.length + 3];
    command[0] = RR.toString();
    System.arraycopy(words, 0, command, 1, words.length);
    command[words.length + 1] = "-c";
    command[words.length + 2] = ".rr.yaml";
    return ShellCommand.in(folder, command);
  }

  private String curl(int port, String path) {
    String url = "http://127.0.0.1:" + port + path;
    return ShellCommand.in(folder, "curl", "-sS", "-m", "20", url).run().out();
  }

  /** A client of one of the servers. */
  private record Client(Socket socket, BufferedReader in) implements AutoCloseable {
    static Client of(int port) throws IOException {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(20_000);
      return new Client(
          socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)));
    }

    /** Null when the server closes. */
    String ask(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      return in.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void phpTalksToClientsAndOperatorsLook() throws Exception {
    try (RrServer server =
            start(PhpWorkerScript.put(folder, SCRIPTS.resolve("worker.php")).toString());
        Client client = Client.of(lines);
        Client other = Client.of(dots)) {
      String[] tag = client.ask("tag\r\n").split(" ");
      assertThat(tag[0]).isEqualTo("127.0.0.1:" + client.socket().getLocalPort());
      assertThat(tag[1]).isEqualTo("Lines");
      assertThat(other.ask("one\ntwo\n...")).isEqualTo("one");
      assertThat(other.in().readLine()).isEqualTo("two");

      assertThat(rr("workers").run().out()).contains("tcp");
      assertThat(curl(figures, "/metrics"))
          .contains("rr_tcp_total_workers 2")
          .contains("rr_tcp_connections{server=\"Lines\"} 1")
          .contains("rr_tcp_packets_total{server=\"dots\"}");

      String worker = client.ask("pid\r\n");
      assertThat(rr("reset", "tcp").run().exit()).isZero();
      assertThat(client.ask("pid\r\n")).isNotEqualTo(worker);

      assertThat(closed("unknown")).isEqualTo("true");
      assertThat(closed(tag[2])).isEqualTo("true");
      assertThat(client.in().readLine()).isNull();
      assertThat(server.stop()).isZero();
    }
    List<String> events = Files.readAllLines(folder.resolve("events.log"));
    assertThat(events.stream().filter(line -> line.startsWith("CLOSE "))).hasSize(2);
  }

  private String closed(String uuid) {
    String call =
        "require $argv[1]; echo json_encode((new RpcClient($argv[2], 10.0))->call('tcp.Close',"
            + " $argv[3]));";
    return ShellCommand.in(folder, "php", "-r", call, "--", CLIENT.toString(), rpc, uuid)
        .run()
        .out();
  }

  @Test
  @Tag("php-packages")
  void theRealPackageTalksToClients() throws Exception {
    Path autoload = Path.of(System.getenv("RR_PHP_PACKAGES"), "autoload.php");
    try (RrServer server = start(SCRIPTS.resolve("package-worker.php") + " " + autoload);
        Client client = Client.of(lines)) {
      assertThat(client.in().readLine())
          .isEqualTo("hello 127.0.0.1:" + client.socket().getLocalPort());
      assertThat(client.ask("ping\r\n")).isEqualTo("ping Lines");
      assertThat(client.ask("bye\r\n")).isEqualTo("bye");
      assertThat(client.in().readLine()).isNull();
      assertThat(server.stop()).isZero();
    }
  }
}
