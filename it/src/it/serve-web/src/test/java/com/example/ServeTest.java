package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import dev.rr.testing.worker.ProcessCheck;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {
  @TempDir Path folder;

  @Test
  void answersComeFromPhp() throws Exception {
    Web web = Web.in(folder);
    try (RrServer server = web.serve()) {
      HttpResponse<String> got = server.get("/a/b?c=d");
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.body())
          .startsWith("Hello from PHP ")
          .endsWith("GET http://127.0.0.1:" + web.port() + "/a/b?c=d\n");
      assertThat(got.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
      assertThat(server.post("/", "text/plain", "x".repeat(300_000)).body())
          .contains("You sent 300000 bytes.");
      assertThat(server.workers()).hasSize(2);
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Tag("php-packages")
  @Test
  void theRealPackagesAreServed() throws Exception {
    Web web = Web.in(folder);
    Files.copy(Path.of("src/test/php/package.php"), folder.resolve("package.php"));
    web.configured(web.yaml("php -d display_errors=stderr package.php", ""));
    try (RrServer server = web.serve()) {
      assertThat(server.get("/x?y=z").body()).isEqualTo("GET /x {\"y\":\"z\"} \"\"");
      assertThat(server.post("/", "application/x-www-form-urlencoded", "a[]=1&a[]=2&b=3").body())
          .isEqualTo("POST / [] {\"a\":[\"1\",\"2\"],\"b\":\"3\"}");
      assertThat(server.get("/teapot").statusCode()).isEqualTo(418);
    }
  }

  @Test
  void headersOfTheMiddlewareMeetTheClient() throws Exception {
    Web web = Web.in(folder);
    web.configured(
        """
        version: "3"
        server: {command: "php worker.php"}
        http:
          address: 127.0.0.1:%d
          middleware: [headers]
          headers:
            response: {X-From-Config: "yes"}
          pool: {num_workers: 1}
        """
            .formatted(web.port()));
    try (RrServer server = web.serve()) {
      assertThat(server.get("/").headers().firstValue("X-From-Config")).hasValue("yes");
    }
  }

  @Test
  void killingRrLeavesNoWorker() throws Exception {
    try (RrServer server = Web.in(folder).serve()) {
      List<ProcessHandle> workers = server.workers();
      assertThat(workers).hasSize(2);
      server.process().destroyForcibly();
      RrServer.await(
          "the workers to leave",
          () -> workers.stream().map(ProcessHandle::pid).noneMatch(ProcessCheck::runs));
    }
  }

  @Test
  void aKilledWorkerIsReplaced() throws Exception {
    try (RrServer server = Web.in(folder).serve()) {
      Set<Long> before = pids(server);
      server.workers().getFirst().destroyForcibly();
      RrServer.await(
          "a new worker", () -> server.workers().size() == 2 && !pids(server).equals(before));
      assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void resetUnderLoadFailsNoRequest() throws Exception {
    Web web = Web.in(folder);
    try (RrServer server = web.serve();
        var clients = Executors.newFixedThreadPool(4)) {
      Set<Long> before = pids(server);
      AtomicBoolean over = new AtomicBoolean();
      Callable<Integer> client =
          () -> {
            int served = 0;
            while (!over.get()) {
              HttpResponse<String> got = server.get("/");
              if (got.statusCode() != 200) {
                fail("status %d after %d requests: %s", got.statusCode(), served, server.log());
              }
              served++;
            }
            return served;
          };
      List<Future<Integer>> load = List.of(clients.submit(client), clients.submit(client));
      try {
        for (int i = 0; i < 3; i++) {
          ShellCommand.Result reset = web.rr("reset", "http", "-c", ".rr.yaml").run();
          assertThat(reset.exit()).as(reset.text()).isZero();
        }
      } finally {
        over.set(true);
      }
      for (Future<Integer> served : load) {
        assertThat(served.get()).isPositive();
      }
      RrServer.await("only new workers", () -> disjoint(pids(server), before));
    }
  }

  @Test
  void workersAreListed() throws Exception {
    Web web = Web.in(folder);
    try (RrServer server = web.serve()) {
      String table = web.rr("workers", "-c", ".rr.yaml").run().text();
      assertThat(table).contains("http");
      for (long pid : pids(server)) {
        assertThat(table).contains(Long.toString(pid));
      }
    }
  }

  private static Set<Long> pids(RrServer server) {
    return server.workers().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private static boolean disjoint(Set<Long> now, Set<Long> before) {
    Set<Long> both = new HashSet<>(now);
    both.retainAll(before);
    return both.isEmpty() && now.size() == 2;
  }
}
