package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.FakePool;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's nginx in front, with a configuration of its own and nobody's privileges. */
@Timeout(60)
class FcgiNginxTest {
  @TempDir Path dir;

  private static TestServer serve(FakePool pool, String address) throws Exception {
    return TestServer.with(pool).fcgi(address).start();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesRequestsOn(boolean keep) throws Exception {
    try (TestServer server = serve(HttpWorkers.echoingContext(), "127.0.0.1:0");
        Nginx nginx = new Nginx(dir, "127.0.0.1:" + server.port(), keep, true)) {
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> answer = nginx.send(nginx.to("/hello?a=" + i).header("X-A", "b"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
            .hasValue("text/plain; charset=utf-8");
        assertThat(answer.body())
            .contains("\"http://127.0.0.1/hello?a=" + i + "\"")
            .contains("\"remoteAddr\":\"127.0.0.1\"", "\"X-A\":[\"b\"]");
      }
    }
  }

  @Test
  void worksOverAUnixSocket() throws Exception {
    Path socket = dir.resolve("rr.sock");
    try (TestServer server = serve(HttpWorkers.echoingBody(), "unix://" + socket);
        Nginx nginx = new Nginx(dir, "unix:" + socket, true, true)) {
      assertThat(server.plugin().bound()).hasSize(1);
      HttpResponse<String> answer =
          nginx.send(nginx.to("/").POST(HttpRequest.BodyPublishers.ofString("over unix")));
      assertThat(answer.body()).isEqualTo("over unix");
    }
    assertThat(socket).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void carriesLargeBodiesBothWays(boolean buffering) throws Exception {
    byte[] body = new byte[3_000_000];
    new Random(3).nextBytes(body);
    try (TestServer server = serve(HttpWorkers.echoingBody(), "127.0.0.1:0");
        Nginx nginx = new Nginx(dir, "127.0.0.1:" + server.port(), true, buffering)) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            nginx
                .client()
                .sendAsync(
                    nginx.to("/").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                    HttpResponse.BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS).body())
            .satisfies(bytes -> assertThat(java.util.Arrays.equals(bytes, body)).isTrue());
      }
    }
  }

  @Test
  void givesTheWorkersStatusAndHeaders() throws Exception {
    FakePool pool =
        FakePool.answering(
            "{\"status\":404,\"headers\":{\"X-From\":[\"worker\"],\"Set-Cookie\":[\"a=1\",\"b=2\"]}}",
            "gone");
    try (TestServer server = serve(pool, "127.0.0.1:0");
        Nginx nginx = new Nginx(dir, "127.0.0.1:" + server.port(), true, true)) {
      HttpResponse<String> answer = nginx.send(nginx.to("/"));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("gone");
      assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
      HttpResponse<String> head =
          nginx.send(nginx.to("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));
      assertThat(head.statusCode()).isEqualTo(404);
      assertThat(head.body()).isEmpty();
    }
  }
}
