package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.HttpHeaders;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listener with aioquic, a client that shares no code with it. */
@Timeout(60)
class AioquicTest {
  @TempDir static Path dir;

  @BeforeAll
  static void makeKey() throws Exception {
    Http3Fixture.makeKey(dir);
  }

  /** Its answers, a line each; what it asks goes out at once. */
  private static List<String> aioquic(Http3Listener listener, List<String> requests)
      throws Exception {
    Path python = Path.of("../../target/test-tools/aioquic/bin/python");
    assertThat(python).as("a Python with aioquic: bin/test-tools makes it").isExecutable();
    Path script = dir.resolve("aioquic_client.py");
    try (InputStream in = AioquicTest.class.getResourceAsStream("aioquic_client.py")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    List<String> line =
        new ArrayList<>(
            List.of(
                python.toAbsolutePath().toString(),
                script.toString(),
                "127.0.0.1",
                "" + listener.bound().getPort()));
    line.addAll(requests);
    Path output = Files.createTempFile(dir, "aioquic", ".log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readAllLines(output);
  }

  @Test
  void servesAClientOfOthers() throws Exception {
    Http3Listener listener =
        Http3Fixture.listen(
            dir,
            (request, response) -> {
              if (request.method().equals("POST")) {
                Http3Fixture.echo(request, response);
                return;
              }
              response.head(200, new HttpHeaders().add("X-A", "1").add("Content-Length", "5"));
              response.write(Http3Fixture.bytes("hello"));
              response.end();
            });
    try {
      List<String> answers = aioquic(listener, List.of("GET:/a:0", "HEAD:/a:0", "POST:/a:1048576"));
      assertThat(answers).hasSize(3);
      assertThat(answers.get(0)).startsWith("200 5 [hello] ").contains("x-a=1", "date=");
      assertThat(answers.get(1)).startsWith("200 0 [] ").contains("content-length=5");
      assertThat(answers.get(2)).startsWith("200 1048576 [] ");
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  @Test
  void sendsTrailersToAClientOfOthers() throws Exception {
    Http3Listener listener =
        Http3Fixture.listen(
            dir,
            (request, response) -> {
              response.head(200, new HttpHeaders());
              response.write(Http3Fixture.bytes("summed"));
              response.end(new HttpHeaders().add("X-Sum", "9"));
            });
    try {
      assertThat(aioquic(listener, List.of("GET:/:0")))
          .singleElement()
          .asString()
          .startsWith("200 6 [summed] ")
          .endsWith("trailers x-sum=9");
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  @Test
  void answersManyStreamsOfAClientOfOthersAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(20);
    Http3Listener listener =
        Http3Fixture.listen(
            dir,
            (request, response) -> {
              all.countDown();
              // None is answered before every one of them has arrived.
              request.offload(() -> {
                boolean together = arrived(all);
                request.execute(() -> {
                  response.head(together ? 200 : 500, new HttpHeaders());
                  response.write(Http3Fixture.bytes(request.target()));
                  response.end();
                });
              });
            });
    try {
      List<String> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        requests.add("GET:/" + i + ":0");
      }
      List<String> answers = aioquic(listener, requests);
      assertThat(answers).hasSize(20);
      for (int i = 0; i < 20; i++) {
        assertThat(answers.get(i)).startsWith("200 ").contains("[/" + i + "]");
      }
    } finally {
      Http3Fixture.stop(listener);
    }
  }

  private static boolean arrived(CountDownLatch all) {
    try {
      return all.await(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
