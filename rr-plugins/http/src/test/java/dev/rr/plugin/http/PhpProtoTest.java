package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.PhpPackages;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Protobuf with PHP's own library at the other end. */
@Tag(PhpPackages.TAG)
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PhpProtoTest {
  @TempDir Path folder;

  @BeforeEach
  void findPackages() {
    var unused = PhpPackages.folder();
  }

  @Test
  void requestsAndAnswersFitGeneratedClasses() throws Exception {
    try (TestServer server = serve();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.uri("/a%20b?c=d&e=%C3%A9"))
                  .version(HttpClient.Version.HTTP_1_1)
                  .header("X-Many", "one")
                  .header("X-Many", "two")
                  .header("Cookie", "k=v%20w; l=m")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(207);
      assertThat(answer.headers().allValues("X-Two")).containsExactly("a", "b");
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(answer.body())
          .isEqualTo(
              "{\"from\":\"127.0.0.1\",\"protocol\":\"HTTP/1.1\",\"method\":\"GET\",\"uri\":\""
                  + server.uri("/a%20b?c=d&e=%C3%A9")
                  + "\",\"query\":\"c=d&e=%C3%A9\",\"many\":[\"one\",\"two\"],"
                  + "\"cookies\":{\"k\":[\"v w\"],\"l\":[\"m\"]},"
                  + "\"parsed\":false,\"files\":[],\"body\":\"\"}");
    }
  }

  @Test
  void answersMarkedAsProtobufAreTaken() throws Exception {
    try (TestServer server = serve();
        HttpClient client = HttpClient.newHttpClient()) {
      String large = "é".repeat(200_000);
      HttpResponse<String> answer = send(client, server, "PUT", "text/plain", large);
      assertThat(answer.statusCode()).isEqualTo(207);
      assertThat(answer.body()).contains("\"method\":\"PUT\"").endsWith(large + "\"}");
    }
  }

  @Test
  void formsAndFilesArrive() throws Exception {
    try (TestServer server = serve();
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(
              send(client, server, "POST", "application/x-www-form-urlencoded", "a[]=1&a[]=2")
                  .body())
          .contains("\"parsed\":true")
          .contains("\"body\":\"{\\\"a\\\":[\\\"1\\\",\\\"2\\\"]}\"");
      String parts =
          """
          --x
          Content-Disposition: form-data; name="doc"; filename="é.txt"
          Content-Type: text/plain

          content
          --x
          Content-Disposition: form-data; name="title"

          hello
          --x--
          """
              .replace("\n", "\r\n");
      assertThat(send(client, server, "POST", "multipart/form-data; boundary=x", parts).body())
          .contains("\"files\":{\"doc\":[\"é.txt\",\"text/plain\",\"content\"]}")
          .contains("\"body\":\"{\\\"title\\\":\\\"hello\\\"}\"");
    }
  }

  private static HttpResponse<String> send(
      HttpClient client, TestServer server, String method, String type, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri("/"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private TestServer serve() throws Exception {
    return TestServer.with(PhpWorkers.pool(folder, "proto-worker.php", PoolConfig.of(1)))
        .codec(HttpConfig.Codec.PROTO)
        .start();
  }
}
