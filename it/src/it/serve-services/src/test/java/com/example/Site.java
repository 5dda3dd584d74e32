package com.example;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The packed rr of this project, and a folder with a worker that it serves. */
record Site(Path folder, int port, int rpcPort) {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path SAMPLE = TOP.resolve("docs/sample/worker.php");
  private static final String CLIENT =
      "rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php";

  /** A site with one worker and {@code more} in its configuration. */
  static Site in(Path folder, String more) throws IOException {
    Site site = new Site(folder, RrServer.freePort(), RrServer.freePort());
    site.answer("Hello");
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server: {command: "php worker.php"}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 1}}
        """
                .formatted(site.rpcPort(), site.port())
            + more);
    return site;
  }

  /** Has the worker's script begin its answers with a word. */
  void answer(String word) throws IOException {
    Path script = folder.resolve("worker.php~");
    Files.writeString(script, Files.readString(SAMPLE).replace("Hello from", word + " from"));
    // As editors save.
    Files.move(script, folder.resolve("worker.php"), StandardCopyOption.REPLACE_EXISTING);
  }

  RrServer serve() throws IOException {
    return RrServer.start(ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml"), port);
  }

  /** {@code rr} with these arguments. */
  String rr(String... arguments) {
    List<String> line = new ArrayList<>(List.of(RR.toString()));
    line.addAll(List.of(arguments));
    return ShellCommand.in(folder, line.toArray(String[]::new)).run().text();
  }

  /** What a PHP script prints that is told where to call. */
  List<String> php(String script) {
    return ShellCommand.in(
            folder,
            "php",
            Path.of("src/test/php", script).toAbsolutePath().toString(),
            "tcp://127.0.0.1:" + rpcPort)
        .with("RPC_CLIENT", TOP.resolve(CLIENT).toString())
        .run()
        .text()
        .lines()
        .toList();
  }
}
