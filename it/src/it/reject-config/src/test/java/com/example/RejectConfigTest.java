package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file under {@code cases} is a configuration above a line of dashes and below it the words
 * with which the server refuses it, all mistakes at once, without a stack trace, leaving nothing
 * behind. {@code @TAKEN@} is a port that somebody else listens on, {@code @FREE@} one that nobody
 * does, {@code @HERE@} the folder; a first line {@code #check} means {@code rr config check}, with
 * what follows as arguments.
 *
 * <p>The server runs inside the test, which is a second a case faster.
 */
class RejectConfigTest {
  private static final Path CASES = Path.of("src/test/resources/cases");
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final InProcess RR = new InProcess(Path.of(System.getProperty("rr.it.file")));

  private static final List<Duration> TOOK = new ArrayList<>();

  @TempDir Path folder;
  private ServerSocket taken;

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.map(f -> f.getFileName().toString().replace(".txt", "")).sorted().toList();
    }
  }

  @BeforeEach
  void fill() throws IOException {
    taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    Files.writeString(folder.resolve("file.txt"), "no certificate, no directory");
    Files.createDirectory(folder.resolve("directory"));
  }

  @AfterEach
  void free() throws IOException {
    taken.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedInTheseWords(String name) throws Exception {
    String[] parts = Files.readString(CASES.resolve(name + ".txt")).split("(?m)^-{10,}\n", 2);
    String yaml = filled(parts[0]);
    RrServer.configure(folder, yaml);
    Set<String> before = threads();
    String first = yaml.lines().findFirst().orElse("");
    String[] command =
        (first.startsWith("#check") ? "config check" + first.substring(6) : "serve").split(" ");

    InProcess.Result got = RR.run(folder, command);

    assertThat(got.exit()).as(got.text()).isEqualTo(1);
    assertThat(readable(got.text())).isEqualTo(parts[1]);
    assertThat(got.text()).doesNotContain("\tat ").doesNotContain("Exception");
    TOOK.add(got.took());
    RrServer.await(
        "the end of every worker", () -> ProcessHandle.current().children().count() == 0);
    RrServer.await("the end of every thread", () -> before.containsAll(threads()));
  }

  /** A few of them, since the others may meet a machine that is busy with something else. */
  @AfterAll
  static void aRefusalTakesLessThanTwoSeconds() {
    assertThat(TOOK.stream().sorted().skip(TOOK.size() / 10).findFirst())
        .hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofSeconds(2)));
  }

  private String filled(String text) {
    return text.replace("@TAKEN@", Integer.toString(taken.getLocalPort()))
        .replace("@FREE@", Integer.toString(RrServer.freePort()))
        .replace("@HERE@", folder.toString());
  }

  /**
   * Without what differs from run to run, log lines, and what the JVM says of a test's class path.
   */
  private String readable(String text) {
    return text.replace(Integer.toString(taken.getLocalPort()), "@TAKEN@")
        .replace(folder.toString(), "@HERE@")
        .replace(System.getenv("PATH"), "@PATH@")
        .lines()
        .filter(line -> !line.matches("([0-9]{4}-[0-9]{2}-[0-9]{2}T|WARNING: ).*"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** Threads that are ours: those that Java and Netty keep for the whole process stay. */
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(n -> !n.matches("(ForkJoinPool|globalEventExecutor|process reaper|surefire).*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
