package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.testing.worker.ProcessCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTest {
  @TempDir Path folder;

  @Test
  void phpCallsEveryMethod() throws Exception {
    Site site = Site.in(folder, "service: {Tree: {command: sleep 300}}\n");
    try (RrServer server = site.serve()) {
      assertThat(site.php("services.php"))
          .containsExactly(
              "create = {\"ok\":true}",
              "twice = ! the service with Two name already exists",
              "none = ! the service with x name should have at least 1 process",
              "broken = ! the program /no/such does not exist",
              "list = {\"services\":[\"Tree\",\"Two\"]}",
              "statuses = {\"status\":["
                  + "{\"pid\":#,\"memory_usage\":#,\"command\":\"/usr/bin/sleep 300\"},"
                  + "{\"pid\":#,\"memory_usage\":#,\"command\":\"/usr/bin/sleep 300\"}]}",
              "status = {\"pid\":#,\"memory_usage\":#,\"command\":\"/usr/bin/sleep 300\"}",
              "restart = {\"ok\":true}",
              "protobuf list = \"0a04547265650a0354776f\"",
              "protobuf create = \"1001\"",
              "ended = [\"message\"]",
              "terminate = {\"ok\":true}",
              "terminate one = {\"ok\":true}",
              "unknown = ! the service with nope name doesn't exist",
              "workers = 1",
              "add = ! plugin does not support workers management: service",
              "reset = true");
      assertThat(site.rr("workers", "service"))
          .contains("Workers of [service]:", "COMMAND", "/usr/bin/sleep 300");
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Tag("php-packages")
  @Test
  void theRealPackageManagesServices() throws Exception {
    Site site = Site.in(folder, "service: {}\n");
    try (RrServer server = site.serve()) {
      assertThat(site.php("package.php"))
          .containsExactly(
              "true",
              "[\"Two\"]",
              "/usr/bin/sh -c echo $FOO; exec sleep 300 true null",
              "/usr/bin/sh -c echo $FOO; exec sleep 300 true null",
              "true",
              "0",
              "true",
              "process does not exist, it ended: exit code 1 0",
              "[true,true]");
      assertThat(server.log()).contains("service.Two").contains("from the package");
    }
  }

  @Test
  void killingRrLeavesNoServiceNorWhatItHasStarted() throws Exception {
    Files.copy(Path.of("src/test/php/tree.php"), folder.resolve("tree.php"));
    Site site = Site.in(folder, "service: {tree: {command: php tree.php, timeout_stop_sec: 1}}\n");
    try (RrServer server = site.serve()) {
      List<Long> tree = tree();
      server.process().destroyForcibly();
      RrServer.await("the service to go", () -> tree.stream().noneMatch(ProcessCheck::runs));
    }
    Files.delete(folder.resolve("tree.pids"));
    try (RrServer server = site.serve()) {
      List<Long> tree = tree();
      assertThat(server.stop()).as(server.log()).isZero();
      assertThat(tree).noneMatch(ProcessCheck::runs);
    }
  }

  private List<Long> tree() throws IOException {
    Path file = folder.resolve("tree.pids");
    RrServer.await("the service's pids", () -> file.toFile().length() > 0);
    return Arrays.stream(Files.readString(file).split(" ")).map(Long::valueOf).toList();
  }
}
