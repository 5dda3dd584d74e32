package dev.rr.build.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A registry that asks for a token, and sends whoever wants a blob to another place. */
final class FakeRegistry implements Closeable {
  private static final String TOKEN = "Bearer let-me-in";

  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What whoever asked for a token said of itself. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final HttpServer server;

  /** Where it says that tokens are given. */
  volatile String realm;

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    realm = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String blob(byte[] content) throws Exception {
    String digest = digest(content);
    blobs.put(digest, content);
    return digest;
  }

  /** By its digest, and by this name. */
  String manifest(String name, String json) throws Exception {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    String digest = digest(content);
    manifests.put(name, content);
    manifests.put(digest, content);
    return digest;
  }

  /** Gives something else for a blob from now on. */
  void spoil(String digest) {
    blobs.put(digest, new byte[] {1});
  }

  static String digest(byte[] content) throws Exception {
    return "sha256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String who = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      asked.add(path);
      if (path.equals("/token")) {
        logins.add(who);
        boolean scoped =
            exchange.getRequestURI().getQuery().contains("scope=repository:a/php:pull");
        send(exchange, 200, scoped ? "{\"token\": \"let-me-in\"}" : "{\"token\": \"no\"}");
      } else if (path.startsWith("/elsewhere/")) {
        // As object stores do with a signed address.
        boolean second = exchange.getRequestHeaders().containsKey("Authorization");
        send(exchange, second ? 400 : 200, blobs.get(path.substring("/elsewhere/".length())));
      } else if (!who.equals(TOKEN)) {
        exchange
            .getResponseHeaders()
            .set("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"fake\"");
        send(exchange, 401, "{}");
      } else if (path.startsWith("/v2/a/php/blobs/")) {
        exchange
            .getResponseHeaders()
            .set("Location", "/elsewhere/" + path.substring("/v2/a/php/blobs/".length()));
        send(exchange, 307, "");
      } else {
        send(exchange, 200, manifests.get(path.replace("/v2/a/php/manifests/", "")));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte @Nullable [] content)
      throws IOException {
    byte[] body = content == null ? new byte[0] : content;
    exchange.sendResponseHeaders(
        content == null ? 404 : status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
