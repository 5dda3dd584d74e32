package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.PoolConfig;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with little memory under attack: others are answered throughout. */
@Timeout(120)
final class SmallHeapTest {
  private static final int CONNECTIONS = 8;
  private static final int STREAMS = 127;

  /** Names the newest entry of HPACK's dynamic table. */
  private static final byte NEWEST = (byte) 0xbe;

  @TempDir Path folder;
  private Optional<Process> server = Optional.empty();
  private int port;
  private final List<Socket> open = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    Process made =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    server = Optional.of(made);
    BufferedReader out = made.inputReader(StandardCharsets.UTF_8);
    port = Integer.parseInt(out.readLine());
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : open) {
      socket.close();
    }
    client.close();
    if (server.isPresent()) {
      server.get().destroyForcibly().waitFor();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    open.add(socket);
    return socket;
  }

  private void others() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .POST(HttpRequest.BodyPublishers.ofString("hello"))
            .timeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello");
  }

  /** A head of some 300 bytes that stands for one of a megabyte. */
  private static byte[] bomb(boolean first) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(
        FrameClient.fields(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"));
    if (first) {
      byte[] literal = FrameClient.fields("x", "y".repeat(4000));
      // With incremental indexing.
      literal[0] = 0x40;
      head.writeBytes(literal);
    }
    byte[] references = new byte[250];
    Arrays.fill(references, NEWEST);
    head.writeBytes(references);
    return head.toByteArray();
  }

  @Test
  void requestsThatGrowWhenTheyAreWrittenDownDoNotTakeItsMemory() throws Exception {
    others();
    List<FrameClient> attackers = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      attackers.add(new FrameClient(connect()));
    }
    for (int i = 0; i < STREAMS; i++) {
      for (FrameClient attacker : attackers) {
        attacker.frame(
            FrameClient.HEADERS,
            FrameClient.END_HEADERS | FrameClient.END_STREAM,
            2 * i + 1,
            bomb(i == 0));
      }
    }
    for (FrameClient attacker : attackers) {
      attacker.send();
    }
    for (int i = 0; i < 20; i++) {
      others();
    }
    assertThat(server.orElseThrow().isAlive()).isTrue();
  }

  /** The server, in a process of its own. */
  static final class Server {
    private Server() {}

    /** Prints its port and waits for its end. */
    public static void main(String[] args) throws Exception {
      TestServer server =
          TestServer.with(PhpWorkers.pool(Path.of(args[0]), "plain-worker.php", PoolConfig.of(2)))
              .h2c()
              .quiet(dev.rr.api.log.Log.NONE)
              .start();
      System.out.println(server.port());
      var unused = System.in.read();
    }
  }
}
