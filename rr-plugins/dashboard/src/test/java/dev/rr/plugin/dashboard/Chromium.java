package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import dev.rr.testing.worker.ProcessCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page in Debian's Chromium without a screen, driven by the DevTools protocol over its WebSocket.
 * Notes what the console reports as an error. One thread.
 */
final class Chromium implements AutoCloseable {
  private static final int SECONDS = 60;
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final Path profile;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<?, ?>>> calls = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private @Nullable String session;

  /** A browser with one empty page. */
  static Chromium start() throws Exception {
    Path profile = Files.createTempDirectory("rr-chromium");
    ProcessBuilder command =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                // Nobody else's pages are opened, and root may not have a sandbox.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // What it leaves behind when it is killed goes with the profile.
    command.environment().put("TMPDIR", profile.toString());
    Process process = command.start();
    try {
      return new Chromium(process, profile);
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private Chromium(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    this.socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(address(process)), new Messages())
            .get(SECONDS, TimeUnit.SECONDS);
    Map<?, ?> target = call("Target.createTarget", Map.of("url", "about:blank"));
    Map<?, ?> attached =
        call("Target.attachToTarget", Map.of("targetId", target.get("targetId"), "flatten", true));
    session = (String) attached.get("sessionId");
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  private static String address(Process process) throws IOException {
    BufferedReader lines = process.errorReader(UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        // It must not wait for somebody who reads what it says.
        Thread.ofVirtual().start(() -> lines.lines().forEach(unread -> {}));
        return line.substring(LISTENING.length());
      }
      said.append(line).append('\n');
    }
    throw new IOException("chromium did not start: " + said);
  }

  /** Everything that comes from the browser. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(map(JsonReader.read(text.toString().getBytes(UTF_8), 0)));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(Map<?, ?> message) {
    if (message.get("id") instanceof Number id) {
      CompletableFuture<Map<?, ?>> call = calls.remove(id.intValue());
      if (call != null) {
        call.complete(message);
      }
      return;
    }
    String method = String.valueOf(message.get("method"));
    String told = String.valueOf(message.get("params"));
    boolean error =
        switch (method) {
          case "Runtime.exceptionThrown" -> true;
          case "Runtime.consoleAPICalled" -> told.contains("type=error");
          case "Log.entryAdded" -> told.contains("level=error");
          default -> false;
        };
    if (error) {
      errors.add(method + " " + told);
    }
  }

  private static Map<?, ?> map(@Nullable Object object) {
    return (Map<?, ?>) Objects.requireNonNull(object);
  }

  /** Calls a method of the protocol and returns its result. */
  Map<?, ?> call(String method, Map<String, ?> parameters) throws Exception {
    int id = ids.incrementAndGet();
    Map<String, Object> message = new HashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    calls.put(id, answer);
    socket.sendText(new String(JsonWriter.write(message), UTF_8), true).get();
    Map<?, ?> got = answer.get(SECONDS, TimeUnit.SECONDS);
    if (got.containsKey("error")) {
      throw new IllegalStateException(method + ": " + got.get("error"));
    }
    return map(got.get("result"));
  }

  /** Gives the page a size and a colour scheme, {@code light} or {@code dark}. */
  void look(int width, int height, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void open(String url) throws Exception {
    call("Page.navigate", Map.of("url", url));
  }

  /** The value of an expression in the page; waits for a promise. */
  @Nullable Object evaluate(String expression) throws Exception {
    Map<?, ?> result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.containsKey("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return map(result.get("result")).get("value");
  }

  boolean holds(String expression) {
    try {
      return Boolean.TRUE.equals(evaluate(expression));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Presses a key, as a person at the keyboard. */
  void press(String key, int code) throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
    if (key.equals("Enter")) {
      call("Input.dispatchKeyEvent", Map.of("type", "char", "key", key, "text", "\r"));
    }
  }

  /** A picture of the page, as PNG. */
  byte[] picture() throws Exception {
    Map<?, ?> got = call("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode((String) got.get("data"));
  }

  /** What the console reported as an error so far. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> ProcessCheck.awaitEnd(one.pid()));
    client.shutdownNow();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }
}
