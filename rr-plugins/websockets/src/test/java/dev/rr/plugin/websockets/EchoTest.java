package dev.rr.plugin.websockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's client understands what is sent, and what it sends is understood. */
@Timeout(60)
class EchoTest {
  private static final class Client implements WebSocket.Listener {
    final LinkedBlockingQueue<String> got = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private int bytes;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        got.add("text " + text);
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes += data.remaining();
      if (last) {
        got.add("bytes " + bytes);
        bytes = 0;
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      got.add("pong " + data.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    String next() throws InterruptedException {
      return got.poll(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void messagesOfEveryLengthPingsAndClosesComeBack() throws Exception {
    try (EchoServer server = new EchoServer(0);
        HttpClient http = HttpClient.newHttpClient()) {
      Client client = new Client();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), client)
              .join();
      for (int length : List.of(0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000)) {
        String text = "\u20ac".repeat(length);
        socket.sendText(text, true).join();
        assertThat(client.next()).isEqualTo("text " + text);
        socket.sendBinary(ByteBuffer.allocate(length), true).join();
        assertThat(client.next()).isEqualTo("bytes " + length);
      }
      socket.sendText("in ", false).join();
      socket.sendPing(ByteBuffer.allocate(5)).join();
      socket.sendText("parts", true).join();
      assertThat(client.next()).isEqualTo("pong 5");
      assertThat(client.next()).isEqualTo("text in parts");
      socket.sendClose(3333, "bye").join();
      assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(3333);
    }
  }
}
