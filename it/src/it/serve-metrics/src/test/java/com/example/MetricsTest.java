package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scrapes of a running rr whose workers declare metrics while they boot. */
class MetricsTest {
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final Path RPC_CLIENT =
      TOP.resolve("rr-plugins/lib/testing/src/main/resources/dev/rr/testing/rpc/rpc-client.php");

  /** What the dashboards ask for that RoadRunner once had beside its sources, for http and jobs. */
  private static final Set<String> UPSTREAM =
      Set.of(
          "go_goroutines",
          "go_memstats_heap_inuse_bytes",
          "rr_http_request_duration_seconds_bucket",
          "rr_http_request_total",
          "rr_http_requests_queue",
          "rr_http_total_workers",
          "rr_http_uptime_seconds",
          "rr_http_worker_memory_bytes",
          "rr_http_workers_invalid",
          "rr_http_workers_memory_bytes",
          "rr_http_workers_ready",
          "rr_http_workers_working",
          "rr_jobs_jobs_err",
          "rr_jobs_jobs_ok",
          "rr_jobs_total_workers",
          "rr_jobs_worker_memory_bytes",
          "rr_jobs_workers_invalid",
          "rr_jobs_workers_memory_bytes",
          "rr_jobs_workers_ready",
          "rr_jobs_workers_working");

  @TempDir static Path folder;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PORT = RrServer.freePort();
  private static final int RPC_PORT = RrServer.freePort();
  private static final int METRICS_PORT = RrServer.freePort();
  private static RrServer server;

  @BeforeAll
  static void start() throws Exception {
    String boot =
        """
        require '%s';
        $rpc = new RpcClient(getenv('RR_RPC'));
        if (getenv('RR_MODE') === 'jobs') {
            // Some figures are there after the first push only.
            $rpc->call('jobs.Push', ['job' => ['id' => '1', 'options' => ['pipeline' => 'paused']]]);
        } else {
            $rpc->call('metrics.Declare', ['name' => 'test', 'collector' => ['type' => 'counter', 'help' => 'of a worker']]);
        }
        """
            .formatted(RPC_CLIENT);
    String sample = Files.readString(TOP.resolve("docs/sample/worker.php"));
    Files.writeString(
        folder.resolve("worker.php"),
        sample
            .replace("declare(strict_types=1);\n", "declare(strict_types=1);\n" + boot)
            .replace(
                "    static $served = 0;\n",
                "    static $served = 0;\n"
                    + "    if ($request['uri'] === getenv('SLEEP')) { while (!file_exists('awake'))"
                    + " { usleep(2000); clearstatcache(); } }\n"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "tcp://127.0.0.1:%d"}
        server: {command: "php worker.php", env: {SLEEP: "http://127.0.0.1:%d/sleep"}}
        http:
          address: 127.0.0.1:%d
          middleware: [http_metrics]
          pool: {num_workers: 1, allocate_timeout: 3s}
        jobs:
          pool: {num_workers: 1}
          pipelines: {paused: {driver: memory}}
        metrics:
          address: 127.0.0.1:%d
          collect:
            app_latency:
              type: summary
              objectives: {0.5: 0.05, "0.9": 0.01}
            app_sizes: {type: histogram, buckets: [1, 10.5]}
        """
            .formatted(RPC_PORT, PORT, PORT, METRICS_PORT));
    Path rr = Path.of(System.getProperty("rr.it.file"));
    server = RrServer.start(ShellCommand.in(folder, rr.toString(), "serve"), PORT);
  }

  @AfterAll
  static void stop() throws Exception {
    HTTP.close();
    server.close();
  }

  private static String scrape() throws Exception {
    HttpResponse<String> got =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + METRICS_PORT + "/metrics"))
                .timeout(Duration.ofSeconds(20))
                .build(),
            BodyHandlers.ofString());
    assertThat(got.statusCode()).isEqualTo(200);
    return got.body();
  }

  private static Set<String> names(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[ {]")[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void showsRequestsWorkersAndWhatWorkersDeclaredWhileTheyBooted() throws Exception {
    server.get("/");

    assertThat(scrape())
        .contains(
            "# HELP test of a worker\n# TYPE test counter\ntest 0\n",
            "\nrr_http_request_total{status=\"200\"} ",
            "\nrr_http_request_duration_seconds_count{status=\"200\"} ",
            "\nrr_http_total_workers 1\n",
            "\nrr_http_workers_ready 1\n",
            "\napp_latency{quantile=\"0.5\"} NaN\napp_latency{quantile=\"0.9\"} NaN\n",
            "\napp_sizes_bucket{le=\"1\"} 0\napp_sizes_bucket{le=\"10.5\"} 0\n");
  }

  @Test
  void aRequestThatFindsNoFreeWorkerIsCounted() throws Exception {
    CompletableFuture<HttpResponse<String>> sleeping =
        HTTP.sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/sleep")).build(),
            BodyHandlers.ofString());
    RrServer.await("the worker to be busy", () -> shows("rr_http_workers_working 1"));
    assertThat(server.get("/").statusCode()).isBetween(500, 599);

    // Counted once the client has its answer.
    RrServer.await("it to be counted", () -> shows("rr_http_no_free_workers_total 1"));
    assertThat(scrape()).contains("\nrr_http_requests_queue 1\n");
    Files.createFile(folder.resolve("awake"));
    sleeping.join();
    RrServer.await("the worker to be ready", () -> shows("rr_http_workers_ready 1"));
  }

  private static boolean shows(String line) {
    try {
      return scrape().contains("\n" + line + "\n");
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void everyQueryOfTheDashboardsFindsItsFigures() throws Exception {
    Set<String> there = names(scrape());
    Set<String> asked = new TreeSet<>();
    String dashboard = Files.readString(TOP.resolve("docs/grafana/rr.json"));
    Matcher queries = Pattern.compile("\"expr\": \"(.*)\"").matcher(dashboard);
    while (queries.find()) {
      Matcher names = Pattern.compile("\\b([a-z]+_[a-z_]+)\\{").matcher(queries.group(1));
      assertThat(names.find()).as(queries.group(1)).isTrue();
      names.reset().results().forEach(name -> asked.add(name.group(1)));
    }

    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(there).containsAll(asked).containsAll(UPSTREAM);
  }

  @Test
  void phpCallsEveryMethod() throws Exception {
    ShellCommand.Result php =
        ShellCommand.in(
                folder,
                "php",
                Path.of("src/test/php/calls.php").toAbsolutePath().toString(),
                RPC_CLIENT.toString(),
                "tcp://127.0.0.1:" + RPC_PORT)
            .run();

    assertThat(php.out().lines())
        .as(php.text())
        .containsExactlyElementsOf(
            List.of(
                "Declare true",
                "Declare true",
                "Declare true",
                "Declare true",
                "Declare true",
                "Add true",
                "Add ! metrics_plugin_add: inconsistent label cardinality: expected 2 label values"
                    + " but got 1 in []string{\"type2\"}",
                "Set true",
                "Sub true",
                "Add ! metrics_plugin_add: collector php_hist does not support method `Add`",
                "Observe true",
                "Observe true",
                "Add ! metrics_plugin_add: undefined collector nope, try first Declare the desired"
                    + " collector",
                "Unregister true",
                "Unregister ! metrics_plugin_unregister: undefined collector php_gauge"));
    assertThat(scrape())
        .contains(
            "\nphp_counter{section=\"section2\",type=\"type2\"} 100\n",
            "\nphp_hist_bucket{le=\"0.1\"} 0\nphp_hist_bucket{le=\"0.2\"} 1\n",
            "\nphp_sum{quantile=\"0.5\"} 3\n")
        .doesNotContain("php_gauge");
  }

  @Tag("php-packages")
  @Test
  void theRealPackageIsUnderstood() throws Exception {
    ShellCommand.Result php =
        ShellCommand.in(
                folder,
                "php",
                Path.of("src/test/php/package.php").toAbsolutePath().toString(),
                "tcp://127.0.0.1:" + RPC_PORT)
            .run();

    assertThat(php.exit()).as(php.text()).isZero();
    assertThat(php.out())
        .contains("undefined collector nope", "required labels for collector `pkg_counter`");
    assertThat(scrape())
        .contains(
            "\napp_pkg_counter{kind=\"one\"} 3\n",
            "\nsub_pkg_gauge 3\n",
            "\npkg_hist_bucket{le=\"1\"} 1\n")
        .doesNotContain("pkg_sum");
  }
}
