package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.goridge.Frame;
import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin of each kind does in a packed rr, and how long its template is. */
class NewPluginTest {
  private static final Path TOP = Path.of(System.getProperty("rr.it.top"));
  private static final String RR = System.getProperty("rr.it.file");
  private static final int MOST_LINES = 119;

  private static final int RPC = RrServer.freePort();
  private static final int LINES = RrServer.freePort();
  private static final int PAGE = RrServer.freePort();

  @TempDir static Path folder;
  private static RrServer server;

  @BeforeAll
  static void start() throws Exception {
    Files.copy(TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    RrServer.configure(folder, yaml("heap", "max_keys"));
    server = RrServer.start(rr("serve"), PAGE);
  }

  @AfterAll
  static void stop() throws Exception {
    assertThat(server.stop()).isZero();
  }

  private static String yaml(String driver, String key) {
    return """
    version: "3"
    server: {command: "php worker.php"}
    rpc: {listen: "tcp://127.0.0.1:%d"}
    lines: {address: "127.0.0.1:%d", pool: {num_workers: 2}}
    page: {address: "127.0.0.1:%d"}
    greet: {text: good morning}
    kv: {Users: {driver: %s, config: {%s: 2}}}
    """
        .formatted(RPC, LINES, PAGE, driver, key);
  }

  private static ShellCommand rr(String... arguments) {
    List<String> line = Stream.concat(Stream.of(RR), Stream.of(arguments)).toList();
    return ShellCommand.in(
        folder, Stream.concat(line.stream(), Stream.of("-c", ".rr.yaml")).toArray(String[]::new));
  }

  @Test
  void workersAnswerLinesInTheirOrder() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", LINES)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("one\ntwo\nthree\n".getBytes(UTF_8));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      for (String line : List.of("one", "two", "three")) {
        assertThat(in.readLine()).startsWith("Hello from PHP").endsWith(": LINE " + line);
      }
    }
  }

  @Test
  void workersOfAnyPluginAreListed() {
    assertThat(rr("workers").run().out()).contains("Workers of [lines]");
  }

  @Test
  void thePageIsThere() throws Exception {
    assertThat(server.get("/").body()).contains("page live\n", "lines live\n", "heap live\n");
  }

  @Test
  void theSubCommandIsListedAndRuns() {
    assertThat(rr("greet", "Ada", "Grace").run().out()).isEqualTo("good morning Ada Grace\n");
    assertThat(rr("--help").run().out()).contains("greet");
  }

  @Test
  void aStorageKeepsWhatItsDriverCan() throws Exception {
    assertThat(call("kv.Set", "[\"Users\", \"a\", \"of a\"]")).isEqualTo("false");
    assertThat(call("kv.Set", "[\"Users\", \"b\", \"of b\"]")).isEqualTo("false");
    assertThat(call("kv.Get", "[\"Users\", \"b\"]")).isEqualTo("\"of b\"");
    // The driver was told to keep two keys.
    assertThat(call("kv.Set", "[\"Users\", \"c\", \"of c\"]")).isEqualTo("heap_set: full");
    assertThat(call("kv.Get", "[\"Other\", \"a\"]")).isEqualTo("no storage Other");
  }

  /** An RPC call in JSON; the answer, or the error's text. */
  private static String call(String method, String argument) throws IOException {
    byte[] payload = (method + argument).getBytes(UTF_8);
    try (Socket socket = new Socket("127.0.0.1", RPC)) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(Frame.of(Frame.JSON, 0, payload, 1, method.length()));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] head = in.readNBytes(Frame.HEADER + 8);
      String answer = new String(in.readNBytes((int) Frame.payload(head, 0)), UTF_8);
      return answer.substring(method.length()).strip();
    }
  }

  @Test
  void aDriverAndItsKeysAreCheckedWithTheNearestName() throws Exception {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.copy(folder.resolve("worker.php"), broken.resolve("worker.php"));
    RrServer.configure(broken, yaml("haep", "max_keys"));
    assertThat(ShellCommand.in(broken, RR, "config", "check").run().text())
        .contains("kv.Users.driver: 'haep' is no driver", "did you mean 'heap'?");
    RrServer.configure(broken, yaml("heap", "max_kyes"));
    assertThat(ShellCommand.in(broken, RR, "config", "check").run().text())
        .contains("kv.Users.config.max_kyes: unknown key", "max_keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"greet", "heap", "kv", "lines", "page"})
  void aShapeIsWrittenInFewLines(String shape) throws Exception {
    long lines = 0;
    try (Stream<Path> files = Files.walk(Path.of("../alone", shape, "src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    assertThat(lines).isBetween(1L, (long) MOST_LINES);
  }
}
