package com.example;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import dev.rr.testing.worker.PhpWorkerScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl calls PHP as Centrifugo does, PHP calls Centrifugo; watchers and the command line look. */
class CentrifugeTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path WORKER =
      TOP.resolve("rr-plugins/centrifuge/src/test/resources/dev/rr/plugin/centrifuge")
          .resolve("centrifuge-worker.php");
  private static final Path PACKAGE_WORKER =
      Path.of("src/test/php/package-worker.php").toAbsolutePath();

  private final int proxy = RrServer.freePort();
  private final int api = RrServer.freePort();
  private final int status = RrServer.freePort();
  private final int metrics = RrServer.freePort();
  private final int rpc = RrServer.freePort();

  @TempDir Path folder;

  private RrServer start(Path worker) throws IOException {
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server: {command: "php %s"}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        metrics: {address: "127.0.0.1:%d"}
        centrifuge:
          proxy_address: "tcp://127.0.0.1:%d"
          grpc_api_address: "tcp://127.0.0.1:%d"
          pool: {num_workers: 3}
        """
            .formatted(rpc, worker, status, metrics, proxy, api));
    RrServer server = RrServer.start(rr("serve"), status);
    // With data, since the package takes no empty question.
    try {
      RrServer.await("a listener", () -> call("Connect", "R\2{}").contains("connect"));
    } catch (IllegalStateException e) {
      server.close();
      throw new IllegalStateException(server.log(), e);
    }
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

  private String curl(String url, String... options) {
    String[] command = Arrays.copyOf(new String[] {"curl", "-sS", "-m", "20"}, 5 + options.length);
    System.arraycopy(options, 0, command, 4, options.length);
    command[command.length - 1] = url;
    return ShellCommand.in(folder, command).run().out();
  }

  /** A call with these bytes: the answer's message, or what the trailers say. */
  private String call(String method, String message) {
    try {
      Path in = folder.resolve("in");
      Path out = folder.resolve("out");
      Path heads = folder.resolve("heads");
      Files.deleteIfExists(out);
      Files.deleteIfExists(heads);
      ByteArrayOutputStream framed = new ByteArrayOutputStream();
      framed.writeBytes(new byte[] {0, 0, 0, 0, (byte) message.length()});
      framed.writeBytes(message.getBytes(ISO_8859_1));
      Files.write(in, framed.toByteArray());
      String unused =
          curl(
              "http://127.0.0.1:"
                  + proxy
                  + "/centrifugal.centrifugo.proxy.CentrifugoProxy/"
                  + method,
              "--http2-prior-knowledge",
              "-H",
              "content-type: application/grpc",
              "-H",
              "te: trailers",
              "-H",
              "x-one: 1",
              "--data-binary",
              "@" + in,
              "-o",
              out.toString(),
              "-D",
              heads.toString());
      String told = Files.exists(heads) ? Files.readString(heads) : "";
      return told.contains("grpc-status: 0")
          ? new String(Files.readAllBytes(out), UTF_8).substring(5)
          : told;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void centrifugoCallsPhpAndOperatorsLook() throws Exception {
    try (RrServer server = start(PhpWorkerScript.put(folder, WORKER))) {
      assertThat(call("SubRefresh", "R\2{}"))
          .contains("\"type\":[\"subrefresh\"]", "\"x-one\":[\"1\"]");
      assertThat(call("Connect", "R\4soft"))
          .contains("grpc-status: 2", "SoftJobError: no such user");
      assertThat(call("Nope", "")).contains("grpc-status: 12");

      String row = "[{\"plugin_name\":\"centrifuge\",\"error_message\":\"\",\"status_code\":200}]";
      assertThat(server.get("/health?plugin=centrifuge").body()).isEqualTo(row);
      assertThat(server.get("/ready?plugin=centrifuge").body()).isEqualTo(row);
      assertThat(curl("http://127.0.0.1:" + metrics + "/metrics"))
          .contains("rr_centrifugo_total_workers 3", "rr_centrifugo_worker_state{");
      assertThat(rr("workers").run().out()).contains("Workers of [centrifuge]");
      assertThat(rr("reset", "centrifuge").run().exit()).isZero();
      assertThat(call("RPC", "R\2{}")).contains("\"type\":[\"rpc\"]");
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Test
  @Tag("php-packages")
  void theRealPackageAnswersAndCallsTheApi() throws Exception {
    try (RrServer server = start(PACKAGE_WORKER)) {
      assertThat(call("Connect", "R\15{\"foo\":\"bar\"}r\6publicr\7private"))
          .contains(
              "\n\00242",
              "\"data\":{\"foo\":\"bar\"}",
              "\"channels\":[\"public\",\"private\"]",
              "\"type\":[\"connect\"]");
      // There is no Centrifugo.
      assertThat(call("RPC", "Z\7publish"))
          .contains(
              "rpc error: code = Unavailable desc = cannot reach Centrifugo at 127.0.0.1:" + api);
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }
}
