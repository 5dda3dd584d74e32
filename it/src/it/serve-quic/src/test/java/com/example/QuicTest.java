package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PHP's answers over HTTP/3, asked for with aioquic. */
class QuicTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path PYTHON = TOP.resolve("target/test-tools/aioquic/bin/python");
  private static final Path CLIENT =
      TOP.resolve("rr-plugins/http3/src/test/resources/dev/rr/plugin/http3/aioquic_client.py");

  @TempDir Path folder;

  @Test
  void phpAnswersOverHttp3WithinTheLimitsOfHttpAndTheOtherListenersTellWhere() throws Exception {
    int port = RrServer.freePort();
    int quic = RrServer.freePort();
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    makeKey();
    RrServer.configure(
        folder,
        """
        version: "3"
        server: {command: "php worker.php"}
        http:
          address: 127.0.0.1:%d
          max_request_size: 1
          http3: {address: "127.0.0.1:%d", key: k.key, cert: k.crt}
          pool: {num_workers: 2}
        """
            .formatted(port, quic));
    ShellCommand serve = ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml");
    try (RrServer server = RrServer.start(serve, port)) {
      RrServer.await("HTTP/3 to be announced", () -> announced(server).contains("h3=\":" + quic));

      List<String> answers = ask(quic, "GET:/a/b?c=d:0", "POST:/:300000", "POST:/:2000000");
      assertThat(answers).hasSize(3);
      assertThat(answers.get(0))
          .startsWith("200 ")
          .contains("GET https://127.0.0.1:" + quic + "/a/b?c=d");
      assertThat(answers.get(1)).contains("You sent 300000 bytes.");
      assertThat(answers.get(2)).startsWith("413 ").contains("request body too large");
    }
  }

  private static String announced(RrServer server) {
    try {
      return server.get("/").headers().firstValue("Alt-Svc").orElse("");
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private void makeKey() throws Exception {
    ShellCommand.Result made =
        ShellCommand.in(
                folder,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-keyout",
                "k.key",
                "-out",
                "k.crt")
            .run();
    assertThat(made.exit()).as(made.text()).isZero();
  }

  /** A line for each answer, see the client's script. */
  private List<String> ask(int port, String... requests) throws Exception {
    assertThat(PYTHON).as("a Python with aioquic: bin/test-tools makes it").isExecutable();
    List<String> line =
        new ArrayList<>(
            List.of(PYTHON.toString(), CLIENT.toString(), "127.0.0.1", Integer.toString(port)));
    line.addAll(List.of(requests));
    ShellCommand.Result result = ShellCommand.in(folder, line.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    // PHP's answers end in a line feed, which the script prints as it is.
    return List.of(result.text().strip().split("\n(?=\\d{3} \\d)"));
  }
}
