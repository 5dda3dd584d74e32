package dev.rr.cli.aot;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.kernel.HostSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the cache that lets this file start faster: a training run of the server with the user's
 * configuration, or of {@code plugins} where it cannot serve, at whose end the JVM writes what it
 * learnt.
 */
public final class AotCommand implements Command {
  private static final String REQUEST = "--request";
  private static final String STARTED = "RoadRunner server started";
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final Duration TO_WRITE = Duration.ofMinutes(3);
  private static final Duration TO_ANSWER = Duration.ofSeconds(10);
  private static final int REQUESTS = 20;
  private static final long POLL_MILLIS = 50;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "aot", "Make the start-up cache of this file by a run with the configuration")
        .with(Flag.value("url", "ask the server for this a few times while it trains", REQUEST));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    AotPlace place =
        context
            .file()
            .flatMap(AotPlace::system)
            .orElseThrow(() -> new CliException("rr aot works on the packed file: ./rr aot"));
    Path cache = place.cache();
    Path made = cache.resolveSibling(cache.getFileName() + ".new");
    Path log = Files.createTempFile("rr-aot", ".log");
    try {
      Files.deleteIfExists(made);
      train(context, own.last(REQUEST, ""), made, log);
      if (!Files.exists(made)) {
        throw new CliException("the JVM wrote no cache:\n" + lastLines(log));
      }
      place.publish(made, cache);
      context.say("start-up cache: %s, %d MB".formatted(cache, Files.size(cache) >> 20));
      return 0;
    } finally {
      Files.deleteIfExists(log);
      Files.deleteIfExists(made);
    }
  }

  private static void train(CommandContext context, String request, Path made, Path log)
      throws Exception {
    HostSettings settings = context.settings();
    if (Files.exists(settings.configFile())) {
      Process server = start(context, settings, "serve", made, log);
      try {
        if (awaitStart(server, log)) {
          ask(context, request);
          server.destroy();
          finish(server);
          return;
        }
      } finally {
        server.destroyForcibly();
      }
      context.err().println("[WARN] the server did not start, so it was not part of the training:");
      context.err().println(lastLines(log));
    } else {
      context.err().println("[WARN] no " + settings.configFile() + ": trained without a server");
    }
    finish(start(context, settings, "plugins", made, log));
  }

  private static Process start(
      CommandContext context, HostSettings settings, String command, Path made, Path log)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("/bin/sh", context.file().orElseThrow().toString(), command));
    line.addAll(List.of("-c", settings.configFile().toString()));
    line.addAll(List.of("-w", settings.workDirectory().toString()));
    settings.overrides().forEach(o -> line.addAll(List.of("-o", o)));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder
        .redirectOutput(log.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(settings.environment());
    builder.environment().put("RR_AOT_OUTPUT", made.toString());
    return builder.start();
  }

  private static boolean awaitStart(Process server, Path log) throws Exception {
    long end = System.nanoTime() + TO_START.toNanos();
    while (System.nanoTime() - end < 0) {
      if (read(log).contains(STARTED)) {
        return true;
      }
      if (server.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  private static void ask(CommandContext context, String request) throws InterruptedException {
    if (request.isEmpty()) {
      return;
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TO_ANSWER).build()) {
      HttpRequest get = HttpRequest.newBuilder(URI.create(request)).timeout(TO_ANSWER).build();
      for (int i = 0; i < REQUESTS; i++) {
        client.send(get, BodyHandlers.discarding());
      }
    } catch (IOException | IllegalArgumentException e) {
      context.err().println("[WARN] " + request + " gave no answer: " + e.getMessage());
    }
  }

  private static void finish(Process process) throws Exception {
    if (!process.waitFor(TO_WRITE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new CliException(
          "the training run did not end within " + TO_WRITE.toMinutes() + " min");
    }
  }

  private static String read(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = read(log).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
