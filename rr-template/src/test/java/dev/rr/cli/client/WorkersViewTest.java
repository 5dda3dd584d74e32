package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkersViewTest {
  private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);

  private static final String HTTP =
      """
      {"workers":[
       {"pid":200,"status":2,"numExecs":1234567,"created":999700000000000,"memoryUsage":45123456,
        "CPUPercent":1.005,"command":"","statusStr":"working"},
       {"pid":31,"status":1,"numExecs":0,"created":1000000000000000,"memoryUsage":4500000,
        "CPUPercent":0,"command":"","statusStr":"ready"}]}
      """;

  private static WorkersView.Asker answering(Map<String, String> answers) {
    return (method, argument, limit) -> {
      String json = answers.getOrDefault(method + " " + argument, "null");
      if (json.startsWith("<")) {
        throw new RpcFault(json.substring(1));
      }
      return JsonReader.read(json.getBytes(StandardCharsets.UTF_8), 0);
    };
  }

  private static String plain(Map<String, String> answers, String... plugins) {
    return new WorkersView(false, NOW).text(answering(answers), List.of(plugins));
  }

  @Test
  void drawsWorkersSortedByPid() {
    assertThat(plain(Map.of("informer.Workers http", HTTP), "http"))
        .isEqualTo(
            """
            Workers of [http]:
            ┌─────┬─────────┬───────────┬────────┬──────┬───────────────┐
            │ PID │ STATUS  │   EXECS   │ MEMORY │ CPU% │    CREATED    │
            ├─────┼─────────┼───────────┼────────┼──────┼───────────────┤
            │ 31  │ ready   │ 0         │ 4.5 MB │ 0.00 │ now           │
            │ 200 │ working │ 1,234,567 │ 45 MB  │ 1.00 │ 5 minutes ago │
            └─────┴─────────┴───────────┴────────┴──────┴───────────────┘
            """);
  }

  @Test
  void coloursDoNotMoveTheLines() {
    String coloured =
        new WorkersView(true, NOW)
            .text(answering(Map.of("informer.Workers http", HTTP)), List.of("http"));
    assertThat(coloured)
        .contains(
            "[\u001b[93mhttp\u001b[0m]", "\u001b[32mworking\u001b[0m", "\u001b[36mready\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", ""))
        .isEqualTo(plain(Map.of("informer.Workers http", HTTP), "http"));
  }

  @Test
  void servicesHaveACommandInsteadOfAState() {
    String workers =
        "{\"workers\":[{\"pid\":7,\"memoryUsage\":999,\"CPUPercent\":12.3,\"command\":\"php"
            + " a.php\"}]}";
    assertThat(plain(Map.of("informer.Workers service", workers), "service"))
        .isEqualTo(
            """
            Workers of [service]:
            ┌─────┬────────┬───────┬───────────┐
            │ PID │ MEMORY │ CPU%  │  COMMAND  │
            ├─────┼────────┼───────┼───────────┤
            │ 7   │ 999 B  │ 12.30 │ php a.php │
            └─────┴────────┴───────┴───────────┘
            """);
  }

  @Test
  void nothingThatAServerSaysSteersTheTerminal() {
    String workers =
        "{\"workers\":[{\"pid\":7,\"memoryUsage\":9,\"CPUPercent\":1,\"command\":\"a\\u001b]0;x\\u0007\\n\\u009bb\"}]}";
    assertThat(plain(Map.of("informer.Workers service", workers), "service"))
        .contains("│ a\uFFFD]0;x\uFFFD\uFFFD\uFFFDb │");
    assertThat(plain(Map.of("informer.Workers http", "<no\u001b[2J\nway"), "http"))
        .contains("no\uFFFD[2J", "│ way ")
        .doesNotContain("\u001b");
  }

  @Test
  void pipelinesComeAfterAllWorkers() {
    String jobs =
        """
        [{"Pipeline":"b","Driver":"memory","Queue":"","Active":1,"Delayed":2,"Reserved":3,"Ready":true},
         {"Pipeline":"a","Driver":"amqp","Queue":"q","Active":0,"Delayed":0,"Reserved":0,"Ready":false}]
        """;
    String text =
        plain(
            Map.of(
                "informer.Workers jobs",
                HTTP,
                "informer.Jobs jobs",
                jobs,
                "informer.Workers http",
                HTTP),
            "jobs",
            "http");
    assertThat(text.indexOf("Jobs of [jobs]:")).isGreaterThan(text.indexOf("Workers of [http]:"));
    assertThat(text)
        .endsWith(
            """
            Jobs of [jobs]:
            ┌────────────────┬──────────┬────────┬───────┬────────┬─────────┬──────────┐
            │     STATUS     │ PIPELINE │ DRIVER │ QUEUE │ ACTIVE │ DELAYED │ RESERVED │
            ├────────────────┼──────────┼────────┼───────┼────────┼─────────┼──────────┤
            │ PAUSED/STOPPED │ a        │ amqp   │ q     │ 0      │ 0       │ 0        │
            │ READY          │ b        │ memory │       │ 1      │ 2       │ 3        │
            └────────────────┴──────────┴────────┴───────┴────────┴─────────┴──────────┘
            """);
  }

  @Test
  void aPluginWithoutWorkersPrintsNothing() {
    assertThat(plain(Map.of("informer.Workers x", "{\"workers\":[]}"), "x")).isEmpty();
    assertThat(plain(Map.of("informer.Workers x", "{\"workers\":null}"), "x")).isEmpty();
  }

  @Test
  void aFailureIsARowOfItsOwn() {
    String text = plain(Map.of("informer.Workers x", "<broken", "informer.Jobs x", "<too"), "x");
    assertThat(text)
        .contains("│ 0   │ failed to receive information about x plugin: broken │ ERROR │")
        .contains("│ failed to receive information about x plugin: too │ ERROR    │");
  }

  @Test
  void asksForThePluginsInOrder() throws IOException {
    assertThat(
            WorkersView.plugins(
                answering(Map.of("informer.List true", "[\"jobs\",\"http\"]")), "informer.List"))
        .containsExactly("http", "jobs");
  }
}
