package com.example;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl calls PHP by gRPC; watchers and the command line look. */
class GrpcTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path PHP = Path.of("src/test/php").toAbsolutePath();
  private static final Path WORKER =
      TOP.resolve("rr-plugins/grpc/src/test/resources/dev/rr/plugin/grpc/grpc-worker.php");

  private final int grpc = RrServer.freePort();
  private final int status = RrServer.freePort();
  private final int metrics = RrServer.freePort();
  private final int rpc = RrServer.freePort();

  @TempDir Path folder;

  private RrServer start(Path worker) throws IOException {
    Files.createDirectory(folder.resolve("proto"));
    Files.copy(PHP.resolve("service.proto"), folder.resolve("proto/service.proto"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server: {command: "php %s"}
        logs: {level: debug, mode: production}
        status: {address: "127.0.0.1:%d", check_timeout: 30s}
        metrics: {address: "127.0.0.1:%d"}
        grpc: {listen: "tcp://127.0.0.1:%d", proto: "proto/**/*.proto", pool: {num_workers: 2}}
        protoreg: {proto_path: proto, files: service.proto}
        """
            .formatted(rpc, worker, status, metrics, grpc));
    RrServer server = RrServer.start(rr("serve"), status);
    RrServer.await("a listener", () -> log(server).contains("grpc server was started"));
    return server;
  }

  private static String log(RrServer server) {
    try {
      return server.log();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ShellCommand rr(String... words) {
    List<String> command = new ArrayList<>(List.of(RR.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("-c", ".rr.yaml"));
    return ShellCommand.in(folder, command.toArray(String[]::new));
  }

  /** The answer's message, or what the trailers say. */
  private String call(String method, byte[] message, String... options) throws IOException {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Path heads = folder.resolve("heads");
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    framed.writeBytes(
        new byte[] {
          0, 0, (byte) (message.length >> 16), (byte) (message.length >> 8), (byte) message.length
        });
    framed.writeBytes(message);
    Files.write(in, framed.toByteArray());
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "-m",
                "20",
                "--http2-prior-knowledge",
                "-H",
                "content-type: application/grpc",
                "-H",
                "te: trailers",
                "--data-binary",
                "@" + in,
                "-o",
                out.toString(),
                "-D",
                heads.toString()));
    command.addAll(List.of(options));
    command.add("http://127.0.0.1:" + grpc + method);
    ShellCommand.Result result = ShellCommand.in(folder, command.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    String told = Files.readString(heads);
    if (!told.contains("grpc-status: 0")) {
      return told;
    }
    byte[] answer = Files.readAllBytes(out);
    return new String(Arrays.copyOfRange(answer, 5, answer.length), UTF_8);
  }

  private String ping(String message) throws IOException {
    return call("/service.Echo/Ping", message.getBytes(UTF_8));
  }

  @Test
  void clientsCallAndOperatorsLook() throws Exception {
    try (RrServer server = start(PhpWorkerScript.put(folder, WORKER))) {
      assertThat(ping("upper tost")).isEqualTo("TOST");
      assertThat(call("/service.Echo/Ping", "context".getBytes(UTF_8), "-H", "x-one: 1"))
          .contains("\"service\":\"service.Echo\"", "\"x-one\":[\"1\"]");
      assertThat(ping("error 7 no")).contains("grpc-status: 7", "grpc-message: no");
      assertThat(call("/service.Nope/Ping", new byte[0]))
          .contains("grpc-status: 12", "grpc-message: unknown service service.Nope");
      assertThat(call("/grpc.health.v1.Health/Check", new byte[0])).isEqualTo("\b\1");
      assertThat(
              call(
                  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                  "\"\14service.Echo".getBytes(UTF_8)))
          .contains("service.proto", ".service.Message");
      String row = "[{\"plugin_name\":\"grpc\",\"error_message\":\"\",\"status_code\":200}]";
      assertThat(server.get("/health?plugin=grpc").body()).isEqualTo(row);
      assertThat(server.get("/ready?plugin=grpc").body()).isEqualTo(row);
      assertThat(scrape())
          .contains(
              "rr_grpc_request_total{grpc_method=\"/service.Echo/Ping\",status_code=\"OK\"} 2",
              "rr_grpc_request_duration_seconds_count{grpc_method=\"/service.Echo/Ping\"} 3",
              "rr_grpc_requests_queue 0",
              "rr_grpc_workers_memory_bytes",
              "rr_grpc_worker_state{");
      assertThat(rr("workers").run().out()).contains("Workers of [grpc]");
      String before = ping("pid");
      assertThat(rr("reset", "grpc").run().exit()).isZero();
      assertThat(ping("pid")).isNotEqualTo(before);
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Test
  void theGoalHasWrittenTheServicesInterface() throws Exception {
    assertThat(Files.readString(Path.of("target/generated/Service/EchoInterface.php")))
        .contains(
            "namespace Service;",
            "interface EchoInterface extends GRPC\\ServiceInterface",
            "const NAME = \"service.Echo\";",
            "function Ping(GRPC\\ContextInterface $ctx, Message $in): Message;");
  }

  private String scrape() {
    return ShellCommand.in(folder, "curl", "-sS", "http://127.0.0.1:" + metrics + "/metrics")
        .run()
        .out();
  }

  @Test
  @Tag("php-packages")
  void theRealPackageServes() throws Exception {
    try (RrServer server = start(PHP.resolve("package-worker.php"))) {
      assertThat(call("/service.Echo/Ping", "\n\4tost".getBytes(UTF_8), "-H", "x-asked: 1"))
          .isEqualTo("\n\4TOST");
      assertThat(Files.readString(folder.resolve("heads"))).contains("x-seen: 1");
      assertThat(call("/service.Echo/Ping", "\n\4fail".getBytes(UTF_8)))
          .contains("grpc-status: 13", "grpc-message: FOOOOOOOOOOOO", "grpc-status-details-bin: ");
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }
}
