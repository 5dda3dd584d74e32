package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.client.WorkerSample.Group;
import dev.rr.cli.client.WorkerSample.Row;
import dev.rr.json.JsonReader;
import dev.rr.os.RawTerminal.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkersScreenTest {
  private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);
  private static final Size LARGE = new Size(40, 100);

  private final WorkersScreen screen = new WorkersScreen(new WorkersView(false, NOW), NOW);

  private static Row row(long pid, String status, long execs, double rate, long memory) {
    return new Row(
        pid, status, execs, rate, memory, pid / 100.0, (1_000_000 - pid) * 1_000_000_000, "php");
  }

  private static WorkerSample sample(Row... rows) {
    return new WorkerSample(0, List.of(new Group("http", List.of(rows))), "", "");
  }

  private static final WorkerSample THREE =
      sample(
          row(31, "ready", 500, 12.3, 4_500_000),
          row(7, "working", 90, 1_234.5, 45_000_000),
          row(200, "ready", 1_234_567, 0.25, 9_000_000));

  /** The lines that a terminal shows, without what steers it. */
  private static List<String> lines(String frame) {
    return frame.replaceAll("\u001b\\[[0-9?;]*[A-Za-z]", "").lines().toList();
  }

  @Test
  void workersHaveRatesAndASummary() {
    assertThat(lines(screen.frame(THREE, LARGE)))
        .containsExactly(
            "Workers of [http]: 3, 1 working, 1,247/s, 59 MB",
            "┌─────┬─────────┬───────────┬─────────┬────────┬──────┬────────────────┐",
            "│ PID │ STATUS  │   EXECS   │ EXECS/S │ MEMORY │ CPU% │    CREATED     │",
            "├─────┼─────────┼───────────┼─────────┼────────┼──────┼────────────────┤",
            "│ 7   │ working │ 90        │ 1,235   │ 45 MB  │ 0.07 │ 7 seconds ago  │",
            "│ 31  │ ready   │ 500       │ 12      │ 4.5 MB │ 0.31 │ 31 seconds ago │",
            "│ 200 │ ready   │ 1,234,567 │ 0.3     │ 9.0 MB │ 2.00 │ 3 minutes ago  │",
            "└─────┴─────────┴───────────┴─────────┴────────┴──────┴────────────────┘",
            "sort:  p pid▼  s status  e execs  r execs/s  m memory  c cpu  a age   q quit");
  }

  @Test
  void nothingIsWipedBeforeItIsDrawnAnew() {
    assertThat(screen.frame(THREE, LARGE))
        .startsWith("\u001b[HWorkers of")
        .endsWith("q quit\u001b[K\u001b[J")
        .doesNotContain("\u001b[2J");
  }

  @ParameterizedTest
  @CsvSource({
    "x, 7 31 200",
    "p, 200 31 7",
    "pp, 7 31 200",
    "s, 31 200 7",
    "e, 200 31 7",
    "r, 7 31 200",
    "m, 7 200 31",
    "mm, 31 200 7",
    "c, 200 31 7",
    "a, 200 31 7",
    "E, 200 31 7",
    "emp, 7 31 200"
  })
  void keysSort(String keys, String pids) {
    keys.chars().forEach(key -> screen.key((char) key));
    String order =
        String.join(
            " ",
            lines(screen.frame(THREE, LARGE)).stream()
                .filter(line -> line.matches("│ \\d.*"))
                .map(line -> line.substring(2, line.indexOf(' ', 2)))
                .toList());
    assertThat(order).isEqualTo(pids);
  }

  @Test
  void manyWorkersFitTheTerminal() {
    Row[] many =
        IntStream.range(0, 500)
            .mapToObj(i -> row(i + 1, "ready", i, 0, 1_000_000))
            .toArray(Row[]::new);
    WorkerSample two =
        new WorkerSample(
            0,
            List.of(new Group("http", List.of(many)), new Group("jobs", List.of(many[0], many[1]))),
            "Jobs of [jobs]:\nx\n",
            "");
    List<String> lines = lines(screen.frame(two, new Size(30, 60)));
    assertThat(lines).hasSize(30).allMatch(line -> line.codePointCount(0, line.length()) <= 60);
    assertThat(lines.getFirst()).startsWith("Workers of [http]: 500 (15 shown), 0 working");
    assertThat(lines).contains("Jobs of [jobs]:", "x");
    assertThat(lines.getLast()).startsWith("sort:");
    assertThat(lines(screen.frame(two, new Size(3, 20)))).hasSize(3);
  }

  @Test
  void aLineIsCutBetweenCharactersAndItsColourEnds() {
    assertThat(WorkersScreen.clipped("abcdef", 4)).isEqualTo("abcd");
    assertThat(WorkersScreen.clipped("│😀│x", 2)).isEqualTo("│😀");
    assertThat(WorkersScreen.clipped("a\u001b[32mbcd\u001b[0m", 2))
        .isEqualTo("a\u001b[32mb\u001b[0m");
    assertThat(WorkersScreen.clipped("\u001b[32mab\u001b[0m", 2))
        .isEqualTo("\u001b[32mab\u001b[0m");
  }

  @Test
  void aServerThatIsGoneIsToldInPlaceOfTheTable() {
    assertThat(lines(screen.frame(WorkerSample.failed("cannot reach it"), LARGE)).getFirst())
        .isEqualTo("cannot reach it");
  }

  @Test
  void ratesAreToldFromTheSampleBefore() throws IOException {
    WorkersView view = new WorkersView(false, NOW);
    WorkerSample before =
        new WorkerSample(
            System.nanoTime() - 2_000_000_000L,
            List.of(new Group("http", List.of(row(7, "ready", 100, 0, 0)))),
            "",
            "");
    WorkerSample now =
        WorkerSample.of(
            (method, argument, limit) ->
                method.equals("informer.Jobs")
                    ? null
                    : JsonReader.read(
                        "{\"workers\":[{\"pid\":7,\"numExecs\":300},{\"pid\":8,\"numExecs\":50}]}"
                            .getBytes(StandardCharsets.UTF_8),
                        0),
            view,
            List.of("http"),
            before);
    List<Row> rows = now.workers().getFirst().rows();
    assertThat(rows.get(0).perSecond()).isBetween(5.0, 100.0);
    assertThat(rows.get(1).perSecond()).isZero();
  }
}
