package dev.rr.plugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.metrics.MetricsSink;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.plugin.metrics.MetricsConfig.Declared;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.worker.RecordingLog;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPluginTest {
  private final RecordingLog log = new RecordingLog();
  private final HttpClient client = HttpClient.newHttpClient();
  private MetricsPlugin plugin = plugin(Map.of(), 100_000);

  private MetricsPlugin plugin(Map<String, Declared> collect, int maxSamples) {
    return new MetricsPlugin(
        new MetricsConfig("127.0.0.1:0", collect, maxSamples), new FakeConfigurer(), name -> log);
  }

  @AfterEach
  void stop() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    client.close();
  }

  private static Declared declared(CollectorType type, List<String> labels, String... buckets) {
    return new Declared(type, "", "", "help", labels, List.of(buckets), Map.of(), false);
  }

  // --- what PHP sends ---

  private @Nullable Object call(String method, Object argument) throws Exception {
    return RpcCalls.call(new MetricsPluginRpc(plugin), method, argument);
  }

  private static Map<String, Object> metric(String name, double value, String... labels) {
    return Map.of("name", name, "value", value, "labels", List.of(labels));
  }

  private static Map<String, Object> collector(String name, String type, Object... fields) {
    Map<String, Object> collector = new HashMap<>(Map.of("type", type, "help", "h"));
    for (int i = 0; i < fields.length; i += 2) {
      collector.put((String) fields[i], fields[i + 1]);
    }
    return Map.of("name", name, "collector", collector);
  }

  private void declareAllTypes() throws Exception {
    for (String type : List.of("counter", "gauge", "histogram", "summary")) {
      assertThat(call("Declare", collector("x_" + type, type))).isEqualTo(true);
      assertThat(call("Declare", collector("l_" + type, type, "labels", List.of("a", "b"))))
          .isEqualTo(true);
    }
  }

  // --- what Prometheus sees ---

  private HttpResponse<byte[]> ask(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plugin.address().getPort() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private void start() throws Exception {
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
  }

  /** What the application declared; the process has its own figures. */
  private String application() throws Exception {
    return text(ask("GET", "/metrics"))
        .lines()
        .filter(line -> !line.matches("(# (HELP|TYPE) )?(go|jvm|process)_.*"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void printsDeclaredMetricsAsUpstreamDoes() throws Exception {
    Map<String, Declared> collect = new LinkedHashMap<>();
    collect.put(
        "App_Hist",
        new Declared(
            CollectorType.HISTOGRAM,
            "",
            "",
            "a \"help\" with \\ and\nnewline",
            List.of("z", "a"),
            List.of("0.1", "1", "10"),
            Map.of(),
            false));
    collect.put(
        "c1",
        new Declared(
            CollectorType.COUNTER, "ns", "sub", "", List.of(), List.of(), Map.of(), false));
    collect.put("g1", declared(CollectorType.GAUGE, List.of("never")));
    collect.put("s1", declared(CollectorType.SUMMARY, List.of()));
    plugin = plugin(collect, 1000);
    start();
    call("Observe", metric("app_hist", 0.5, "q\"\\", "r\n"));
    call("Observe", metric("app_hist", 3_000_000, "q\"\\", "r\n"));

    assertThat(application())
        .isEqualTo(
            """
            # HELP app_hist a "help" with \\\\ and\\nnewline
            # TYPE app_hist histogram
            app_hist_bucket{a="r\\n",z="q\\"\\\\",le="0.1"} 0
            app_hist_bucket{a="r\\n",z="q\\"\\\\",le="1"} 1
            app_hist_bucket{a="r\\n",z="q\\"\\\\",le="10"} 1
            app_hist_bucket{a="r\\n",z="q\\"\\\\",le="+Inf"} 2
            app_hist_sum{a="r\\n",z="q\\"\\\\"} 3.0000005e+06
            app_hist_count{a="r\\n",z="q\\"\\\\"} 2
            # HELP ns_sub_c1\s
            # TYPE ns_sub_c1 counter
            ns_sub_c1 0
            # HELP s1 help
            # TYPE s1 summary
            s1_sum 0
            s1_count 0\
            """);
  }

  @Test
  void workersMayDeclareBeforeTheListenerIsUp() throws Exception {
    call("Declare", collector("test", "counter"));
    call("Add", metric("test", 2));
    start();

    assertThat(application())
        .isEqualTo(
            """
            # HELP test h
            # TYPE test counter
            test 2\
            """);
  }

  @Test
  void everyTypeDoesWhatItCan() throws Exception {
    start();
    declareAllTypes();
    call("Add", metric("x_counter", 1.5));
    call("Add", metric("x_counter", 1.5, "ignored"));
    call("Add", metric("l_counter", 100, "type2", "section2"));
    call("Add", metric("x_gauge", 5));
    call("Sub", metric("x_gauge", 2));
    call("Set", metric("l_gauge", -7, "1", "2"));
    call("Sub", metric("l_gauge", 1, "1", "2"));
    call("Observe", metric("x_summary", 4));
    call("Observe", metric("l_summary", 4, "1", "2"));
    call("Observe", metric("x_histogram", 4));
    call("Observe", metric("l_histogram", 4, "1", "2"));

    assertThat(application().lines())
        .contains(
            "x_counter 3",
            "l_counter{a=\"type2\",b=\"section2\"} 100",
            "x_gauge 3",
            "l_gauge{a=\"1\",b=\"2\"} -8",
            "x_summary_sum 4",
            "x_summary_count 1",
            "l_summary_sum{a=\"1\",b=\"2\"} 4",
            "x_histogram_bucket{le=\"2.5\"} 0",
            "x_histogram_bucket{le=\"5\"} 1",
            "x_histogram_bucket{le=\"+Inf\"} 1",
            "x_histogram_sum 4",
            "l_histogram_count{a=\"1\",b=\"2\"} 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Add     | nope        |     | metrics_plugin_add: undefined collector nope, try first Declare the desired collector
          Sub     | nope        |     | metrics_plugin_sub: undefined collector nope
          Set     | nope        |     | metrics_plugin_set: undefined collector nope
          Observe | nope        |     | metrics_plugin_observe: undefined collector nope
          Sub     | x_counter   |     | metrics_plugin_sub: collector `x_counter` does not support method `Sub`
          Set     | l_counter   | q,w | metrics_plugin_set: collector `l_counter` does not support method Set
          Observe | x_gauge     |     | metrics_plugin_observe: collector `x_gauge` does not support method `Observe`
          Add     | x_histogram |     | metrics_plugin_add: collector x_histogram does not support method `Add`
          Add     | l_summary   |     | metrics_plugin_add: collector l_summary does not support method `Add`
          Add     | l_counter   |     | metrics_plugin_add: required labels for collector `l_counter`
          Set     | l_gauge     |     | metrics_plugin_set: required labels for collector l_gauge
          Observe | l_histogram |     | metrics_plugin_observe: required labels for collector `l_histogram`
          Observe | l_summary   |     | metrics_plugin_observe: required labels for collector `l_summary`
          Add     | l_counter   | q   | metrics_plugin_add: inconsistent label cardinality: expected 2 label values but got 1 in []string{"q"}
          Add     | l_gauge     | 1,2,3 | metrics_plugin_add: inconsistent label cardinality: expected 2 label values but got 3 in []string{"1", "2", "3"}
          """)
  void errorsAreUpstreams(String method, String name, @Nullable String labels, String text)
      throws Exception {
    declareAllTypes();
    String[] values = labels == null ? new String[0] : labels.split(",");

    assertThatThrownBy(() -> call(method, metric(name, 1, values))).hasMessage(text);
  }

  @Test
  void aCounterDoesNotDecrease() throws Exception {
    declareAllTypes();

    assertThatThrownBy(() -> call("Add", metric("x_counter", -1)))
        .hasMessage("metrics_plugin_add: counter cannot decrease in value");
  }

  @Test
  void absentAndNullLabelsAreNone() throws Exception {
    declareAllTypes();
    Map<String, @Nullable Object> nothing = new HashMap<>(Map.of("name", "x_gauge", "value", 2.0));
    nothing.put("labels", null);

    assertThat(call("Add", nothing)).isEqualTo(true);
    assertThat(call("Add", Map.of("name", "x_gauge", "value", 2L))).isEqualTo(true);
  }

  @Test
  void fieldsOfAnotherTypeAreNamed() throws Exception {
    declareAllTypes();

    assertThatThrownBy(() -> call("Add", Map.of("name", "x_gauge", "value", "1")))
        .hasMessage("cannot unmarshal string into field value of type float64");
    assertThatThrownBy(
            () -> call("Add", Map.of("name", "l_gauge", "value", 1L, "labels", List.of(1L))))
        .hasMessage("cannot unmarshal number into field labels of type string");
    assertThatThrownBy(() -> call("Add", Map.of("name", 7L)))
        .hasMessage("cannot unmarshal number into field name of type string");
  }

  // --- Declare and Unregister ---

  @Test
  void declaringTwiceKeepsTheFirstWhateverTheSecond() throws Exception {
    start();
    call("Declare", collector("x", "gauge"));
    assertThat(call("Declare", collector("x", "counter", "help", "other"))).isEqualTo(true);
    assertThat(call("Declare", collector("x", "nonsense"))).isEqualTo(true);

    assertThat(application()).contains("# TYPE x gauge");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gaugee | unknown collector type gaugee
          ''     | unknown collector type
          """)
  void unknownTypesAreRefused(String type, String text) {
    assertThatThrownBy(() -> call("Declare", collector("x", type)))
        .hasMessageStartingWith("metrics_plugin_declare: " + text);
  }

  @Test
  void aFullNameIsTakenOnce() throws Exception {
    call("Declare", collector("x_gauge", "gauge"));

    assertThatThrownBy(() -> call("Declare", collector("gauge", "counter", "namespace", "x")))
        .hasMessage("metrics_plugin_declare: duplicate metrics collector registration attempted");
    assertThatThrownBy(
            () -> call("Declare", collector("gauge", "gauge", "namespace", "x", "help", "h2")))
        .hasMessage(
            "metrics_plugin_declare: a previously registered descriptor with the same"
                + " fully-qualified name as Desc{fqName: \"x_gauge\", help: \"h2\", constLabels:"
                + " {}, variableLabels: {}} has different label names or a different help string");
  }

  @Test
  void namesOfTheProcessOfPluginsAndOfSamplesAreTaken() throws Exception {
    plugin.source(new Named("a", 1), sink -> sink.gauge("rr_own", "help", 1));
    call("Declare", collector("x", "histogram"));

    assertThatThrownBy(() -> call("Declare", collector("process_open_fds", "gauge")))
        .hasMessageContaining("a previously registered descriptor");
    assertThatThrownBy(() -> call("Declare", collector("rr_own", "gauge")))
        .hasMessageContaining("a previously registered descriptor");
    assertThatThrownBy(() -> call("Declare", collector("x_count", "gauge")))
        .hasMessageContaining("both have samples \"x_count\"");
  }

  @Test
  void whatCrashesUpstreamIsAnError() {
    assertThatThrownBy(
            () -> call("Declare", collector("x", "histogram", "buckets", List.of(3L, 2.0))))
        .hasMessage(
            "metrics_plugin_declare: histogram buckets must be in increasing order: 3 >= 2");
    assertThatThrownBy(
            () -> call("Declare", collector("x", "summary", "labels", List.of("quantile"))))
        .hasMessageContaining("\"quantile\" is not allowed as label name");
    assertThatThrownBy(() -> call("Declare", collector("x", "histogram", "labels", List.of("le"))))
        .hasMessageContaining("\"le\" is not allowed as label name");
    assertThatThrownBy(() -> call("Declare", collector("x", "gauge", "labels", List.of("__x"))))
        .hasMessageEndingWith("is invalid: \"__x\" is not a valid label name for metric \"x\"");
    assertThatThrownBy(() -> call("Declare", collector("x", "gauge", "labels", List.of(""))))
        .hasMessageEndingWith("is invalid: \"\" is not a valid label name for metric \"x\"");
    assertThatThrownBy(() -> call("Declare", collector("x", "gauge", "labels", List.of("a", "a"))))
        .hasMessageContaining("duplicate label names");
    assertThatThrownBy(() -> call("Declare", collector("", "gauge")))
        .hasMessageEndingWith("is invalid: \"\" is not a valid metric name");
    assertThatThrownBy(() -> call("Declare", Map.of("name", "x")))
        .hasMessageContaining("unknown collector type");
  }

  @Test
  void charactersThatNamesMayNotHaveBecomeUnderscores() throws Exception {
    start();
    call("Declare", collector("1a b", "gauge", "labels", List.of("a-b")));
    call("Set", metric("1a b", 1, "x"));

    assertThat(application()).endsWith("_a_b{a_b=\"x\"} 1");
  }

  @Test
  void anUnregisteredCollectorLeavesTheScrapeAndItsNameIsFree() throws Exception {
    start();
    call("Declare", collector("x", "gauge"));

    assertThat(call("Unregister", "x")).isEqualTo(true);
    assertThat(application()).isEmpty();
    assertThatThrownBy(() -> call("Unregister", "x"))
        .hasMessage("metrics_plugin_unregister: undefined collector x");
    assertThat(call("Declare", collector("x", "counter", "help", "other"))).isEqualTo(true);
    assertThat(application()).contains("# HELP x other\n# TYPE x counter\nx 0");
  }

  @Test
  void objectivesAreAMapOrAListOfMaps() throws Exception {
    start();
    call("Declare", collector("m", "summary", "objectives", Map.of("0.5", 0.05, "0.9", 0.01)));
    call(
        "Declare",
        collector("l", "summary", "objectives", List.of(Map.of("0.5", 0.05), Map.of("0.9", 0.01))));
    call("Declare", collector("none", "summary", "objectives", List.of()));
    call("Observe", metric("m", 3));

    assertThat(application().lines())
        .contains(
            "m{quantile=\"0.5\"} 3",
            "m{quantile=\"0.9\"} 3",
            "m_sum 3",
            "m_count 1",
            "l{quantile=\"0.5\"} NaN",
            "none_count 0");
  }

  // --- configuration ---

  @Test
  void everyMistakeOfTheConfigurationIsToldBeforeTheStart() throws Exception {
    Map<String, Declared> collect = new LinkedHashMap<>();
    collect.put("bad_label", declared(CollectorType.GAUGE, List.of("__x")));
    collect.put("unsorted", declared(CollectorType.HISTOGRAM, List.of(), "2", "1"));
    plugin = plugin(collect, 1000);

    assertThat(FoundProblems.of(plugin))
        .satisfiesExactly(
            p -> assertThat(p).startsWith("metrics.collect.bad_label: ").contains("__x"),
            p -> assertThat(p).startsWith("metrics.collect.unsorted: ").contains("2 >= 1"));
    assertThat(FoundProblems.of(new MetricsConfig("unix://a.sock", Map.of(), 1000), "metrics"))
        .singleElement()
        .asString()
        .startsWith("metrics.address: ");
    assertThat(FoundProblems.of(declared(CollectorType.HISTOGRAM, List.of(), "x"), "metrics.c"))
        .containsExactly("metrics.c.buckets: `x` is not a number");
  }

  // --- the listener ---

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics", "/foo/bar?x=y"})
  void everyPathAnswers(String path) throws Exception {
    start();
    HttpResponse<byte[]> got = ask("GET", path);

    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    assertThat(text(got)).contains("# TYPE process_open_fds gauge\n");
    assertThat(text(ask("POST", path))).contains("# TYPE process_open_fds gauge\n");
    assertThat(ask("HEAD", path).body()).isEmpty();
  }

  @Test
  void compressesForWhoeverTakesIt() throws Exception {
    start();
    HttpResponse<byte[]> got = ask("GET", "/", "Accept-Encoding", "gzip");

    assertThat(got.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(got.body()))) {
      assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8))
          .contains("\nprocess_open_fds ");
    }
  }

  @Test
  void openMetricsIsForWhoeverDoesNotTakePlainText() throws Exception {
    start();
    declareAllTypes();
    call("Declare", collector("requests_total", "counter"));
    HttpResponse<byte[]> got = ask("GET", "/", "Accept", "application/openmetrics-text;q=0.9");
    HttpResponse<byte[]> prometheus =
        ask(
            "GET",
            "/",
            "Accept",
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*");

    assertThat(got.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(text(got))
        .contains("# TYPE requests counter\n", "\nrequests_total 0.0\n")
        .contains("# TYPE x_counter unknown\n", "\nx_counter 0.0\n")
        .contains("x_histogram_bucket{le=\"1.0\"} 0\n")
        .endsWith("# EOF\n");
    assertThat(text(prometheus)).contains("x_histogram_bucket{le=\"1\"} 0\n");
  }

  @Test
  void figuresOfTheProcessHaveTheNamesOfDashboards() throws Exception {
    start();
    String scrape = text(ask("GET", "/"));

    assertThat(scrape)
        .contains(
            "\nprocess_cpu_seconds_total ",
            "\nprocess_open_fds ",
            "\nprocess_max_fds ",
            "\nprocess_virtual_memory_bytes ",
            "\nprocess_virtual_memory_max_bytes ",
            "\nprocess_resident_memory_bytes ",
            "\nprocess_start_time_seconds ",
            "\ngo_goroutines ",
            "\ngo_threads ",
            "\ngo_info{version=\"java",
            "# TYPE go_gc_duration_seconds summary\n",
            "\ngo_memstats_heap_inuse_bytes ",
            "\njvm_memory_used_bytes{area=\"heap\"} ");
  }

  @Test
  void figuresOfPluginsAreAskedForAtEachScrape() throws Exception {
    MetricsSource counting =
        new MetricsSource() {
          private int scrapes;

          @Override
          public void collect(MetricsSink sink) {
            sink.counter("b_total", "how often", ++scrapes);
            sink.gauge("a", "one", 1, "y", "2", "x", "1");
            sink.gauge("a", "one", 2, "y", "10", "x", "1");
            sink.gauge("a", "one", 3, "y", "10", "x", "1");
            sink.histogram("h", "some", new double[] {.5, 1}, new long[] {1, 0, 2}, 9);
          }
        };
    plugin.source(new Named("counting", 1), counting);
    plugin.source(
        new Named("broken", 1),
        sink -> {
          throw new IllegalStateException("broken");
        });
    start();
    application();

    assertThat(application())
        .isEqualTo(
            """
            # HELP a one
            # TYPE a gauge
            a{x="1",y="10"} 2
            a{x="1",y="2"} 1
            # HELP b_total how often
            # TYPE b_total counter
            b_total 2
            # HELP h some
            # TYPE h histogram
            h_bucket{le="0.5"} 1
            h_bucket{le="1"} 1
            h_bucket{le="+Inf"} 3
            h_sum 9
            h_count 3\
            """);
    // At most one a second, and two scrapes may be further apart.
    assertThat(log.records().stream().filter(r -> r.startsWith("WARN"))).hasSizeBetween(1, 2);
  }

  // --- limits ---

  @Test
  void tooManyLabelValuesAreAnErrorAndOneWarningASecond() throws Exception {
    plugin = plugin(Map.of(), 500);
    call("Declare", collector("x", "counter", "labels", List.of("user")));
    int refused = 0;
    long began = System.nanoTime();
    for (int i = 0; i <= 20_000; i++) {
      try {
        call("Add", metric("x", 1, "user" + i));
      } catch (Exception e) {
        refused++;
        assertThat(e).hasMessageContaining("of 500; use labels with fewer values");
      }
    }
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();

    assertThat(refused).isEqualTo(20_001 - 499);
    assertThat(log.records().stream().filter(r -> r.startsWith("WARN")).count())
        .isBetween(1L, seconds + 1);
    assertThat(call("Add", metric("x", 1, "user3"))).as("what is there goes on").isEqualTo(true);
    call("Unregister", "x");
    assertThat(call("Declare", collector("y", "histogram"))).isEqualTo(true);
  }

  @Test
  void whatIsLargeCountsAsMany() throws Exception {
    plugin = plugin(Map.of(), 500);
    call("Declare", collector("x", "counter", "labels", List.of("text")));

    assertThatThrownBy(() -> call("Add", metric("x", 1, "x".repeat(200_000))))
        .hasMessageContaining("raise metrics.max_samples");
    assertThatThrownBy(() -> call("Declare", collector("y", "gauge", "help", "x".repeat(200_000))))
        .hasMessageContaining("raise metrics.max_samples");
    Double[] buckets = new Double[600];
    Arrays.setAll(buckets, i -> (double) i);
    assertThatThrownBy(
            () -> call("Declare", collector("h", "histogram", "buckets", List.of(buckets))))
        .hasMessageContaining("raise metrics.max_samples");
    assertThat(call("Add", metric("x", 1, "short"))).isEqualTo(true);
    // Also before there is a series.
    assertThatThrownBy(() ->
            call("Declare", collector("x".repeat(200_000), "gauge", "labels", List.of("text"))))
        .hasMessageContaining("raise metrics.max_samples");
    Double[] many = new Double[5_000];
    Arrays.setAll(many, i -> (double) i);
    assertThatThrownBy(() ->
            call(
                "Declare",
                collector("h", "histogram", "labels", List.of("text"), "buckets", List.of(many))))
        .hasMessageContaining("raise metrics.max_samples");
    assertThat(call("Add", metric("x", 1, "other"))).isEqualTo(true);
  }

  @Test
  void aSmallHeapHoldsFewerThanAreConfigured() {
    SampleBudget budget = new SampleBudget(100_000, 64L << 20, log);
    budget.take(16_384, "x");
    assertThatThrownBy(() -> budget.take(1, "x".repeat(1_000_000)))
        .hasMessageContaining("collector `" + "x".repeat(100) + "…` cannot grow")
        .hasMessageContaining("have 16384 samples, of 16384;")
        .hasMessageEndingWith("or give rr a larger heap by -Xmx in RR_JAVA_OPTS");
  }

  @Test
  void quantilesAreNoFinerThanObservationsAreQuick() throws Exception {
    for (double[] tooFine : new double[][] {{.5, 0}, {.5, .0001}, {.99, .000001}}) {
      assertThatThrownBy(() ->
              call(
                  "Declare",
                  collector("s", "summary", "objectives", Map.of(tooFine[0] + "", tooFine[1]))))
          .hasMessageContaining("is too small", "it has to be");
    }
    Map<String, Double> usual =
        Map.of("0", 0.0, "0.5", .05, "0.9", .01, "0.99", .001, "0.999", .0001, "1", 0.0);
    assertThat(call("Declare", collector("s", "summary", "objectives", usual))).isEqualTo(true);
    assertThat(call("Observe", metric("s", 1))).isEqualTo(true);
  }

  // --- life ---

  @Test
  void leavesNothingBehind() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      LifecycleContract.holds(
          () -> plugin(Map.of(), 1000),
          () ->
              new MetricsPlugin(
                  new MetricsConfig("127.0.0.1:" + taken.getLocalPort(), Map.of(), 1000),
                  new FakeConfigurer(),
                  name -> log));
    }
  }
}
