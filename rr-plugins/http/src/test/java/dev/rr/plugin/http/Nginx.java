package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's nginx before a FastCGI listener, and a client that asks it. */
final class Nginx implements AutoCloseable {
  private final Path dir;
  private final int port;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts nginx before what listens at {@code upstream}; its files go to {@code dir}. */
  Nginx(Path dir, String upstream, boolean keep, boolean buffering) throws Exception {
    this.dir = dir;
    port = dev.rr.testing.server.TestServer.freePort();
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

  HttpClient client() {
    return client;
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
