package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
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

  private final class Nginx implements AutoCloseable {
    private final int port;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();

    /** Starts nginx before what listens at {@code upstream}. */
    Nginx(String upstream, boolean keep, boolean buffering) throws Exception {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        port = free.getLocalPort();
      }
      Path config = dir.resolve("nginx.conf");
      Files.writeString(
          config,
          """
          %7$s
          worker_processes 1;
          daemon off;
          pid %1$s/nginx.pid;
          error_log stderr warn;
          events { worker_connections 256; }
          http {
            access_log off;
            client_body_temp_path %1$s/body;
            fastcgi_temp_path %1$s/fcgi;
            proxy_temp_path %1$s/proxy;
            uwsgi_temp_path %1$s/uwsgi;
            scgi_temp_path %1$s/scgi;
            client_max_body_size 100m;
            upstream rr { server %3$s; %4$s }
            server {
              listen 127.0.0.1:%2$d;
              location / {
                include /etc/nginx/fastcgi_params;
                fastcgi_pass rr;
                fastcgi_keep_conn %5$s;
                fastcgi_request_buffering %6$s;
                fastcgi_buffering %6$s;
              }
            }
          }
          """
              .formatted(
                  dir,
                  port,
                  upstream,
                  keep ? "keepalive 4;" : "",
                  keep ? "on" : "off",
                  buffering ? "on" : "off",
                  // Started by root its workers would be nobody, who may not look into our folder.
                  System.getProperty("user.name").equals("root") ? "user root;" : ""));
      Path binary = Path.of("/usr/sbin/nginx");
      assertThat(binary).as("install nginx: apt-get install nginx").isExecutable();
      process =
          new ProcessBuilder(
                  binary.toString(), "-e", "stderr", "-p", dir.toString(), "-c", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("nginx.log").toFile())
              .start();
      TestServer.await(this::listens);
    }

    private boolean listens() {
      if (!process.isAlive()) {
        try {
          throw new AssertionError(Files.readString(dir.resolve("nginx.log")));
        } catch (java.io.IOException e) {
          throw new AssertionError(e);
        }
      }
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return socket.isConnected();
      } catch (java.io.IOException e) {
        return false;
      }
    }

    HttpRequest.Builder to(String target) {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
      client.close();
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static TestServer serve(FakePool pool, String address) throws Exception {
    return TestServer.with(pool).fcgi(address).start();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesRequestsOn(boolean keep) throws Exception {
    try (TestServer server = serve(FakePool.echoingContext(), "127.0.0.1:0");
        Nginx nginx = new Nginx("127.0.0.1:" + server.port(), keep, true)) {
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
    try (TestServer server = serve(FakePool.echoingBody(), "unix://" + socket);
        Nginx nginx = new Nginx("unix:" + socket, true, true)) {
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
    try (TestServer server = serve(FakePool.echoingBody(), "127.0.0.1:0");
        Nginx nginx = new Nginx("127.0.0.1:" + server.port(), true, buffering)) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            nginx.client.sendAsync(
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
        Nginx nginx = new Nginx("127.0.0.1:" + server.port(), true, true)) {
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
