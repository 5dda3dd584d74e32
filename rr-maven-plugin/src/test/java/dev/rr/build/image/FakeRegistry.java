package dev.rr.build.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry that asks for a token, sends whoever wants a blob to another place, and refuses what
 * has another digest than is said.
 */
final class FakeRegistry implements Closeable {
  private static final String TOKEN = "Bearer let-me-in";
  private static final Pattern PLACE =
      Pattern.compile("/v2/([a-z/]+)/(blobs|manifests)/(uploads/[^/]*|[^/]+)");

  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What whoever asked for a token said of itself. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  /** The scopes of those tokens. */
  final List<String> scopes = new CopyOnWriteArrayList<>();

  /** Of manifests that were put, by repository and tag. */
  final Map<String, String> types = new ConcurrentHashMap<>();

  /** Statuses to answer with, by path, as long as there are any. */
  final Map<String, List<Integer>> ill = new ConcurrentHashMap<>();

  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** Where it says that tokens are given. */
  volatile String realm;

  /** Where it sends whoever wants a blob; {@code %s} is the digest. */
  volatile String elsewhere = "/elsewhere/%s";

  /** Where it takes uploads. */
  volatile String uploads = "/v2/%s/blobs/uploads/1?state=a";

  /** How many bytes of a blob come before the connection ends, less than there are. */
  volatile int truncated = -1;

  /** Whether the token that it gives is taken. */
  volatile boolean takesTokens = true;

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    realm = "http://" + host() + "/token";
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String blob(byte[] content) {
    String digest = digest(content);
    blobs.put(digest, content);
    return digest;
  }

  boolean has(String digest) {
    return blobs.containsKey(digest);
  }

  byte @Nullable [] manifestOf(String name) {
    return manifests.get(name);
  }

  /** By its digest, and by this name, in the repository {@code a/php}. */
  String manifest(String name, String json) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    String digest = digest(content);
    manifests.put("a/php:" + name, content);
    manifests.put("a/php:" + digest, content);
    return digest;
  }

  /** Gives something else for a blob from now on. */
  void spoil(String digest) {
    blobs.put(digest, new byte[] {1});
  }

  static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      asked.add(exchange.getRequestMethod() + " " + path);
      Integer status = next(path);
      if (status != null) {
        send(exchange, status, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not\\nyou\"}]}");
      } else if (path.equals("/token")) {
        token(exchange, new String(body, StandardCharsets.UTF_8));
      } else if (path.startsWith("/elsewhere/")) {
        // As object stores do with a signed address.
        boolean second = exchange.getRequestHeaders().containsKey("Authorization");
        send(exchange, second ? 400 : 200, blobs.get(path.substring("/elsewhere/".length())));
      } else if (!TOKEN.equals(header(exchange, "Authorization")) || !takesTokens) {
        exchange
            .getResponseHeaders()
            .set("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"fake\"");
        send(exchange, 401, "{}");
      } else {
        Matcher place = PLACE.matcher(path);
        boolean known = place.matches();
        send(exchange, known, place, body);
      }
    }
  }

  private @Nullable Integer next(String path) {
    for (Map.Entry<String, List<Integer>> entry : ill.entrySet()) {
      if (path.contains(entry.getKey()) && !entry.getValue().isEmpty()) {
        return entry.getValue().remove(0);
      }
    }
    return null;
  }

  private void token(HttpExchange exchange, String form) throws IOException {
    String query = form.isEmpty() ? exchange.getRequestURI().getQuery() : form;
    logins.add(form.isEmpty() ? header(exchange, "Authorization") : form);
    Matcher scope = Pattern.compile("scope=([^&]*)").matcher(query);
    scopes.add(scope.find() ? scope.group(1) : "");
    send(exchange, 200, "{\"token\": \"let-me-in\"}");
  }

  private void send(HttpExchange exchange, boolean known, Matcher place, byte[] body)
      throws IOException {
    if (!known) {
      send(exchange, 404, "");
    } else if (place.group(2).equals("manifests")) {
      manifest(exchange, place.group(1), place.group(3), body);
    } else if (place.group(3).startsWith("uploads/")) {
      upload(exchange, place.group(1), body);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(has(place.group(3)) ? 200 : 404, -1);
    } else {
      String location = elsewhere.replace("%s", place.group(3));
      exchange.getResponseHeaders().set("Location", location);
      send(exchange, 307, "");
    }
  }

  private void upload(HttpExchange exchange, String repository, byte[] body) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Location", uploads.replace("%s", repository));
      exchange.sendResponseHeaders(202, -1);
    } else if (query.equals("state=a&digest=" + digest(body))) {
      blobs.put(digest(body), body);
      exchange.sendResponseHeaders(201, -1);
    } else {
      send(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}");
    }
  }

  private void manifest(HttpExchange exchange, String repository, String reference, byte[] body)
      throws IOException {
    String name = repository + ":" + reference;
    if (exchange.getRequestMethod().equals("PUT")) {
      String refused = refusal(repository, reference, body);
      if (!refused.isEmpty()) {
        send(exchange, 400, "{\"errors\":[{\"code\":\"" + refused + "\"}]}");
        return;
      }
      manifests.put(name, body);
      types.put(name, header(exchange, "Content-Type"));
      exchange.getResponseHeaders().set("Docker-Content-Digest", digest(body));
      exchange.sendResponseHeaders(201, -1);
    } else {
      send(exchange, 200, manifests.get(name));
    }
  }

  /** Empty for a manifest or an index of what is there. */
  private String refusal(String repository, String reference, byte[] body) {
    if (reference.startsWith("sha256:") && !reference.equals(digest(body))) {
      return "DIGEST_INVALID";
    }
    boolean index = text(body).contains("\"manifests\":");
    Matcher parts = Pattern.compile("sha256:[0-9a-f]{64}").matcher(text(body));
    while (parts.find()) {
      String part = parts.group();
      if (index ? !manifests.containsKey(repository + ":" + part) : !has(part)) {
        return index ? "MANIFEST_UNKNOWN" : "MANIFEST_BLOB_UNKNOWN";
      }
    }
    return "";
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private void send(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(HttpExchange exchange, int status, byte @Nullable [] content)
      throws IOException {
    byte[] body = content == null ? new byte[0] : content;
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(
        content == null ? 404 : status, body.length == 0 || head ? -1 : body.length);
    if (head) {
      return;
    }
    boolean cut = truncated >= 0 && exchange.getRequestURI().getPath().startsWith("/elsewhere/");
    exchange.getResponseBody().write(body, 0, cut ? truncated : body.length);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
