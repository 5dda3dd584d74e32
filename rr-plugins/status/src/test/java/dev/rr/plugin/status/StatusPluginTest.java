package dev.rr.plugin.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.health.Health;
import dev.rr.api.health.HealthCheck;
import dev.rr.api.jobs.PipelineState;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.proto.StatusProto;
import dev.rr.testing.http.RawClient;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class StatusPluginTest {
  private static final String UNWELL = "internal server error, see logs";
  private static final String STOPS = "service is shutting down\n";

  private final FakeHost host = new FakeHost();
  private final RecordingLog log = new RecordingLog();
  private StatusPlugin plugin = plugin(503, "60");

  private StatusPlugin plugin(int unavailable, String timeout) {
    return new StatusPlugin(
        new StatusConfig("127.0.0.1:0", unavailable, timeout), host, name -> log);
  }

  /** A plugin that answers both questions in the same way. */
  private static HealthCheck telling(Callable<Health> answer) {
    return new HealthCheck() {
      @Override
      public Health live() throws Exception {
        return answer.call();
      }

      @Override
      public Health ready() throws Exception {
        return answer.call();
      }
    };
  }

  private static HealthCheck telling(int status) {
    return telling(() -> new Health(status));
  }

  private static HealthCheck failing(String text) {
    return telling(() -> {
      throw new IllegalStateException(text);
    });
  }

  private void offer(String name, HealthCheck check) {
    plugin.plugin(new Named(name, 1), check);
  }

  private static String row(String name, String error, int code) {
    return "{\"plugin_name\":\"%s\",\"error_message\":\"%s\",\"status_code\":%d}"
        .formatted(name, error, code);
  }

  /** The status and the body of an answer. */
  private String get(String target) throws Exception {
    String answer = answer("GET", target);
    return answer.substring(9, 12) + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private String answer(String method, String target) throws Exception {
    try (RawClient client = RawClient.connect(plugin.address().getPort())) {
      return client
          .send(method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
          .readAll();
    }
  }

  @AfterEach
  void stop() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  @Test
  void answersInThePeersBytes() throws Exception {
    offer("http", telling(200));
    plugin.start();

    String answer = answer("GET", "/health");

    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Type: text/plain; charset=utf-8\r\n", "Content-Length: 61\r\n")
        .endsWith(
            "\r\n\r\n[{\"plugin_name\":\"http\",\"error_message\":\"\",\"status_code\":200}]");
  }

  @ParameterizedTest
  @CsvSource({
    // what the plugin says; the status of the whole, then the row's
    "100, 200, 100", "200, 200, 200", "400, 200, 400", "500, 503, 503", "503, 503, 503",
    "599, 503, 503", "401, 200, 401", "499, 200, 499", "99, 200, 99", "0, 200, 0",
  })
  void theTableOfCodesIsTheSameForEveryQuestion(int told, int whole, int code) throws Exception {
    offer("x", telling(told));
    plugin.start();
    String text = code == 503 ? UNWELL : code >= 100 && code <= 400 ? "" : "unexpected status code";
    String expected = whole + " [" + row("x", text, code) + "]";

    for (String target : List.of("/health", "/health?plugin=x", "/ready", "/ready?plugin=x")) {
      assertThat(get(target)).as(target).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/health, 503, 503",
    "/health?plugin=x, 200, 500",
    "/ready, 200, 500",
    "/ready?plugin=x, 503, 500"
  })
  void aCheckThatFailsIsToldAsThePeerDoes(String target, int whole, int code) throws Exception {
    offer("x", failing("it is \"broken\""));
    plugin.start();

    assertThat(get(target)).isEqualTo(whole + " [" + row("x", "it is \\\"broken\\\"", code) + "]");
  }

  @Test
  void namedPluginsAreAskedAloneInTheOrderOfTheQuery() throws Exception {
    offer("grpc", telling(503));
    offer("http", telling(200));
    offer("jobs", telling(200));
    plugin.start();

    assertThat(get("/health?plugin=http&plugin=rpc&x=1"))
        .isEqualTo("200 [" + row("http", "", 200) + "]");
    assertThat(get("/ready?plugin=jobs&plugin=h%74tp&plugin=http"))
        .isEqualTo(
            "200 ["
                + String.join(",", row("jobs", "", 200), row("http", "", 200), row("http", "", 200))
                + "]");
    assertThat(get("/ready?plugin=http,jobs")).isEqualTo("200 []");
    assertThat(get("/health?plugin=%zz"))
        .as("a query that names nobody asks all")
        .startsWith("503 [{\"plugin_name\":\"grpc\"");
  }

  @Test
  void oneThatIsNotWellMakesTheWholeSo() throws Exception {
    plugin = plugin(500, "60");
    offer("http", telling(200));
    offer("grpc", telling(502));
    plugin.start();

    assertThat(get("/ready"))
        .isEqualTo("500 [" + row("grpc", UNWELL, 500) + "," + row("http", "", 200) + "]");
  }

  @Test
  void withoutPluginsThatTellThereAreNoRows() throws Exception {
    plugin.start();

    assertThat(get("/health")).isEqualTo("200 []");
    assertThat(get("/ready")).isEqualTo("200 []");
  }

  @Test
  void whileTheServerStopsHealthStaysWellAndTheOthersSayNo() throws Exception {
    plugin = plugin(521, "60");
    offer("http", telling(200));
    plugin.start();
    host.stops().set(true);

    assertThat(get("/health")).isEqualTo("200 " + STOPS);
    assertThat(get("/ready?plugin=http")).isEqualTo("521 " + STOPS);
    assertThat(get("/jobs")).isEqualTo("521 " + STOPS);
    assertThat(answer("GET", "/ready")).contains("X-Content-Type-Options: nosniff\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nope", "/health/", "/healthx", "/Health", "/jobs/x"})
  void answersOnThreePathsOnly(String target) throws Exception {
    plugin.start();

    assertThat(get(target)).isEqualTo("404 404 page not found\n");
  }

  @Test
  void takesAnyMethodAndEveryWayToWriteAPath() throws Exception {
    plugin.start();

    for (String method : List.of("POST", "DELETE", "OPTIONS", "PURGE")) {
      assertThat(answer(method, "/ready")).as(method).startsWith("HTTP/1.1 200 ").endsWith("[]");
    }
    assertThat(answer("HEAD", "/ready")).contains("Content-Length: 2\r\n").endsWith("\r\n\r\n");
    assertThat(get("/he%61lth")).isEqualTo("200 []");
    assertThat(get("http://a/health?plugin=x")).isEqualTo("200 []");
  }

  @Test
  void aPluginThatHangsIsToldInTimeAndHoldsOneThreadWhateverTheNumberOfProbes() throws Exception {
    plugin = plugin(503, "1s");
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch free = new CountDownLatch(1);
    offer(
        "stuck",
        telling(() -> {
          asked.incrementAndGet();
          boolean released = false;
          while (!released) {
            try {
              free.await();
              released = true;
            } catch (InterruptedException ignored) {
              // That is what it means to hang.
            }
          }
          return Health.UP;
        }));
    offer("http", telling(200));
    plugin.start();

    String late = row("stuck", "no answer within 1s", 503);
    for (int i = 0; i < 2; i++) {
      assertThat(get("/ready")).isEqualTo("503 [" + row("http", "", 200) + "," + late + "]");
      assertThat(get("/health?plugin=stuck")).isEqualTo("503 [" + late + "]");
    }
    assertThat(asked).as("one question each").hasValue(2);
    assertThatThrownBy(() -> call("Ready", "stuck"))
        .hasMessage("checker_rpc_ready: no answer within 1s");

    free.countDown();
    while (!get("/health?plugin=stuck").startsWith("200 ")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPluginThatWaitsIsInterrupted() throws Exception {
    plugin = plugin(503, "10ms");
    CountDownLatch interrupted = new CountDownLatch(1);
    offer(
        "slow",
        telling(() -> {
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return Health.UP;
        }));
    plugin.start();

    assertThat(get("/health")).contains("no answer within 10ms");
    interrupted.await();
  }

  @Test
  void logsWhenAPluginIsNoLongerWellAndWhenItIsAgain() throws Exception {
    AtomicInteger status = new AtomicInteger(503);
    offer("http", telling(() -> new Health(status.get())));
    plugin.start();

    get("/health");
    get("/health");
    status.set(200);
    get("/health");
    get("/health");

    assertThat(log.with("WARN"))
        .containsExactly(
            "WARN a plugin is not well [plugin, http, probe, LIVE, told, 503]",
            "WARN a plugin is well again [plugin, http, probe, LIVE]");
  }

  @Test
  void tellsThePipelinesInThePeersSpelling() throws Exception {
    plugin.pipelines(
        new Named("jobs", 1),
        () ->
            List.of(
                new PipelineState("test-1", "memory", "test-1", 0, 0, 0, true, 13, ""),
                new PipelineState("test-2", "sqs", "q", 1, 2, 3, false, 10, "away")));
    plugin.start();

    assertThat(get("/jobs"))
        .isEqualTo(
            "200 [{\"pipeline\":\"test-1\",\"priority\":13,\"ready\":true,\"queue\":\"test-1\","
                + "\"active\":0,\"delayed\":0,\"reserved\":0,\"driver\":\"memory\","
                + "\"error_message\":\"\"},{\"pipeline\":\"test-2\",\"priority\":10,"
                + "\"ready\":false,\"queue\":\"q\",\"active\":1,\"delayed\":2,\"reserved\":3,"
                + "\"driver\":\"sqs\",\"error_message\":\"away\"}]");
  }

  @Test
  void withoutPipelinesOrTheirStateJobsAreNotFound() throws Exception {
    plugin.start();
    assertThat(get("/jobs")).isEqualTo("503 jobs plugin not found\n");
    stop();

    plugin = plugin(0, "60");
    plugin.pipelines(
        new Named("jobs", 1),
        () -> {
          throw new IllegalStateException("the broker is away");
        });
    plugin.start();
    assertThat(get("/jobs")).isEqualTo("503 jobs plugin not found\n");
    assertThat(log.with("the broker is away")).hasSize(1);
  }

  private @Nullable Object call(String method, Object argument) throws Exception {
    return RpcCalls.call(plugin.rpc(), method, argument);
  }

  @Test
  void answersOverRpcAMessageAndAText() throws Exception {
    offer(
        "http",
        new HealthCheck() {
          @Override
          public Health live() {
            return Health.UP;
          }

          @Override
          public Health ready() {
            return Health.DOWN;
          }
        });
    var message = StatusProto.Request.newBuilder().setPlugin("http").build();

    assertThat(call("Status", message)).isEqualTo(code(200));
    assertThat(call("Ready", message)).isEqualTo(code(503));
    assertThat(call("Ready", "http")).isEqualTo(code(503));
  }

  private static StatusProto.Response code(int code) {
    return StatusProto.Response.newBuilder().setCode(code).build();
  }

  @Test
  void overRpcTellsThePluginThatIsNoneAndTheOneThatFails() {
    offer("sick", failing("no idea"));

    assertThatThrownBy(() -> call("Status", "x"))
        .hasMessage("checker_rpc_status:\n\tchecker_plugin_status: no such plugin: x");
    assertThatThrownBy(() -> call("Ready", "x"))
        .hasMessage("checker_rpc_ready:\n\tchecker_plugin_ready: no such plugin: x");
    assertThatThrownBy(() -> call("Status", "sick")).hasMessage("checker_rpc_status: no idea");
  }

  @ParameterizedTest
  @CsvSource({"30, 30000", "30s, 30000", "1m30s, 90000", "250ms, 250", "0, 60000", "-5, 60000"})
  void theTimeOfACheckIsANumberOfSecondsOrHasAUnit(String text, long millis) {
    StatusConfig config = new StatusConfig("127.0.0.1:0", 0, text);

    assertThat(FoundProblems.of(config, "status")).isEmpty();
    assertThat(config.timeout()).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void whatCannotWorkIsToldBeforeTheStart() {
    assertThat(FoundProblems.of(new StatusConfig("nowhere", 99, "soon"), "status"))
        .satisfiesExactly(
            p -> assertThat(p).contains("status.address", "'nowhere' is no address"),
            p ->
                assertThat(p)
                    .contains("status.unavailable_status_code", "is 99; allowed are 200 to 599"),
            p -> assertThat(p).contains("status.check_timeout"));
  }

  @Test
  void leavesNothingBehind() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin(503, "60"),
          () ->
              new StatusPlugin(
                  new StatusConfig("127.0.0.1:" + taken.getLocalPort(), 0, "60"),
                  host,
                  name -> log));
    }
  }
}
