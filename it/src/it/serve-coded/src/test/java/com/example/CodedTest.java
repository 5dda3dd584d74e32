package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.BufferedReader;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real answers in every coding; curl takes them apart. */
class CodedTest {
  private static final Path RR = Path.of(System.getProperty("rr.it.file"));
  private static final int PORT = RrServer.freePort();

  @TempDir static Path folder;
  private static RrServer server;

  /** What curl got. */
  private record Got(String head, byte[] body) {
    boolean has(String line) {
      return head.lines().anyMatch(l -> l.equalsIgnoreCase(line));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Files.copy(Path.of("src/test/php/worker.php"), folder.resolve("worker.php"));
    Files.createDirectory(folder.resolve("public"));
    Files.writeString(folder.resolve("public/page.html"), "<p>a line of a page</p>\n".repeat(9000));
    RrServer.configure(
        folder,
        """
        version: "3"
        server: {command: "php worker.php"}
        http:
          address: 127.0.0.1:%d
          middleware: [gzip, static, sendfile]
          gzip: {encodings: [zstd, br, gzip]}
          static: {dir: public}
          pool: {num_workers: 2}
        """
            .formatted(PORT));
    server =
        RrServer.start(ShellCommand.in(folder, RR.toString(), "serve", "-c", ".rr.yaml"), PORT);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Got curl(String path, String accepted, String... more) throws Exception {
    Path head = folder.resolve("head");
    Path body = folder.resolve("body");
    Files.deleteIfExists(body);
    List<String> line =
        new ArrayList<>(
            List.of(
                "curl", "-sS", "--compressed", "-m", "60", "-H", "Accept-Encoding: " + accepted));
    line.addAll(List.of("-D", head.toString(), "-o", body.toString()));
    line.addAll(List.of(more));
    line.add("http://127.0.0.1:" + PORT + path);
    ShellCommand.Result result = ShellCommand.in(folder, line.toArray(String[]::new)).run();
    assertThat(result.exit()).as(result.text()).isZero();
    return new Got(
        Files.readString(head), Files.exists(body) ? Files.readAllBytes(body) : new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void everyCodingIsReadByCurl(String coding) throws Exception {
    for (int bytes : new int[] {1024, 50_000, 20_000_000}) {
      byte[] plain = curl("/lines?bytes=" + bytes, "identity").body();
      assertThat(plain).hasSize(bytes);

      Got got = curl("/lines?bytes=" + bytes, coding);

      assertThat(got.has("Content-Encoding: " + coding)).as(got.head()).isTrue();
      assertThat(got.has("Vary: Accept-Encoding")).isTrue();
      assertThat(got.has("ETag: W/\"v1\"")).isTrue();
      assertThat(got.body()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void aFileIsCompressedWhoeverAnswersWithIt(String coding) throws Exception {
    byte[] plain = Files.readAllBytes(folder.resolve("public/page.html"));

    Got fromStatic = curl("/page.html", coding);
    Got fromSendfile = curl("/file?name=public/page.html", coding);

    assertThat(fromStatic.has("Content-Encoding: " + coding)).as(fromStatic.head()).isTrue();
    assertThat(fromStatic.body()).isEqualTo(plain);
    assertThat(fromSendfile.has("Content-Encoding: " + coding)).as(fromSendfile.head()).isTrue();
    assertThat(fromSendfile.body()).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br, zstd|zstd",
        "gzip, br;q=0.9|gzip",
        "*|zstd",
        "br, zstd;q=0|br",
        "deflate|-",
        "gzip;q=0|-"
      })
  void theClientsWeightsDecide(String accepted, String coding) throws Exception {
    Got got = curl("/lines?bytes=5000", accepted);

    assertThat(got.body()).hasSize(5000);
    assertThat(got.has("Content-Encoding: " + coding)).isEqualTo(!coding.equals("-"));
  }

  @Test
  void smallPartialAndOptedOutAnswersAreLeftAlone() throws Exception {
    assertPlain(curl("/lines?bytes=0", "br, zstd, gzip"), 0);
    assertPlain(curl("/lines?bytes=1023", "br, zstd, gzip"), 1023);
    assertPlain(curl("/opted-out", "br, zstd, gzip"), 5000);
    assertPlain(curl("/status?code=204", "br, zstd, gzip"), 0);
    assertPlain(curl("/status?code=304", "br, zstd, gzip"), 0);
    assertPlain(curl("/page.html", "br, zstd, gzip", "-r", "10-5000"), 4991);
    assertPlain(curl("/page.html", "br, zstd, gzip", "-I"), -1);
  }

  private static void assertPlain(Got got, int size) {
    assertThat(got.head()).doesNotContainIgnoringCase("Content-Encoding");
    assertThat(got.head()).doesNotContainIgnoringCase("No-Gzip-Compression");
    assertThat(got.has("Vary: Accept-Encoding")).as(got.head()).isTrue();
    if (size >= 0) {
      assertThat(got.body()).hasSize(size);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void aPieceArrivesBeforeTheNextIsMade(String coding) throws Exception {
    Files.deleteIfExists(folder.resolve("release"));
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sSN",
                "--compressed",
                "-m",
                "60",
                "-H",
                "Accept-Encoding: " + coding,
                "http://127.0.0.1:" + PORT + "/held")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = curl.inputReader(UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("first");
      Files.createFile(folder.resolve("release"));
      assertThat(lines.readLine()).isEqualTo("second");
      assertThat(lines.readLine()).isNull();
    }
    assertThat(curl.waitFor()).isZero();
  }

  @Test
  void clientsThatLeaveInTheMiddleLeaveNoMemoryBehind() throws Exception {
    for (int i = 0; i < 15; i++) {
      leaveInTheMiddle();
    }
    long before = resident();
    for (int i = 0; i < 30; i++) {
      leaveInTheMiddle();
    }

    assertThat(curl("/lines?bytes=5000", "br").body()).hasSize(5000);
    // A compressor that has seen this much holds 3 to 5 MB.
    assertThat(resident() - before).isLessThan(60_000_000);
  }

  private static void leaveInTheMiddle() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", PORT)) {
      socket.setSoTimeout(20_000);
      socket.setSoLinger(true, 0);
      socket
          .getOutputStream()
          .write("GET /long HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n".getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(100_000)).hasSize(100_000);
    }
  }

  /** The server's memory in bytes. */
  private static long resident() throws Exception {
    String[] pages =
        Files.readString(Path.of("/proc/" + server.process().pid() + "/statm")).split(" ");
    return Long.parseLong(pages[1]) * 4096;
  }
}
