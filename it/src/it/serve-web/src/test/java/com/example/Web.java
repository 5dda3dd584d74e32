package com.example;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packed rr of this project, and a folder with the sample application for it to serve. */
record Web(Path folder, int port, int rpcPort) {
  static final Path RR = Path.of(System.getProperty("rr.it.file"));
  static final Path SAMPLE =
      Path.of(System.getProperty("rr.it.top")).resolve("docs/sample/worker.php");

  /** A web server with two workers that run {@code worker}'s script. */
  static Web in(Path folder) throws IOException {
    Files.copy(SAMPLE, folder.resolve("worker.php"));
    Web web = new Web(folder, RrServer.freePort(), RrServer.freePort());
    return web.configured(web.yaml("php worker.php", ""));
  }

  String yaml(String command, String more) {
    return """
    version: "3"
    rpc:
      listen: tcp://127.0.0.1:%d
    server:
      command: "%s"
    http:
      address: 127.0.0.1:%d
      pool:
        num_workers: 2
    logs:
      level: info
    %s
    """
        .formatted(rpcPort, command, port, more);
  }

  Web configured(String yaml) throws IOException {
    RrServer.configure(folder, yaml);
    return this;
  }

  /** {@code rr} with these arguments, in the folder. */
  ShellCommand rr(String... arguments) {
    List<String> line = new ArrayList<>(List.of(RR.toString()));
    line.addAll(List.of(arguments));
    return ShellCommand.in(folder, line.toArray(String[]::new));
  }

  RrServer serve() throws IOException {
    return RrServer.start(rr("serve", "-c", ".rr.yaml"), port);
  }
}
