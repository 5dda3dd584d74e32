package dev.rr.build.run;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server that runs from a class path, with this process' own output. Stopped at the latest when
 * this process ends.
 */
final class RunningServer implements Closeable {
  private static final String MAIN = "dev.rr.assembly.RrMain";

  /** Longer than the server's own grace period, unless that was configured. */
  private static final Duration TO_STOP = Duration.ofSeconds(35);

  /** Ctrl+C reaches the server, too, which takes a second signal for impatience. */
  private static final Duration TO_STOP_UNASKED = Duration.ofSeconds(5);

  private final Process process;
  private final Thread hook;

  private RunningServer(Process process) {
    this.process = process;
    this.hook = new Thread(() -> awaitOrStop(process), "rr-run-stop");
  }

  /**
   * Starts one.
   *
   * @param jvm options of the JVM
   * @param arguments of the server's command line
   * @param folder it runs in
   * @param work a folder for a file that holds the command line
   */
  static RunningServer start(
      Path jdk,
      List<String> jvm,
      List<Path> classPath,
      List<String> arguments,
      Path folder,
      Path work)
      throws IOException {
    Path options = work.resolve("java.args");
    String more = System.getenv().getOrDefault("RR_JAVA_OPTS", "");
    Files.write(
        options, options(jvm, classPath, more).stream().map(RunningServer::quoted).toList());
    List<String> line = new ArrayList<>();
    line.add(jdk.resolve("bin/java").toString());
    line.add("@" + options.toAbsolutePath());
    line.add(MAIN);
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    // As the packed file's script does: leaves SIGUSR2 to rr, and names in UTF-8 as they are.
    environment.put("_JAVA_SR_SIGNUM", "40");
    environment.put("_RR_LC_ALL", environment.getOrDefault("LC_ALL", ""));
    environment.put("LC_ALL", "C.UTF-8");
    RunningServer server = new RunningServer(builder.start());
    server.process.getOutputStream().close();
    Runtime.getRuntime().addShutdownHook(server.hook);
    return server;
  }

  /**
   * A start counts here, not a long life.
   *
   * @param more the user's, as the packed file takes them: they come last, so they win
   */
  static List<String> options(List<String> jvm, List<Path> classPath, String more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Drr.terminals=" + (System.console() == null ? "" : "12")));
    options.addAll(jvm);
    List<String> theirs = Stream.of(more.split("\\s+", -1)).filter(o -> !o.isEmpty()).toList();
    // Two collectors are an error of the JVM.
    if (theirs.stream().noneMatch(o -> o.matches("-XX:\\+Use.*GC"))) {
      options.add("-XX:+UseSerialGC");
    }
    options.addAll(theirs);
    options.add("-cp");
    options.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    return options;
  }

  /** By the rules of argument files of java(1). */
  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code; only when it is not alive. */
  int exitValue() {
    return process.exitValue();
  }

  /** Stops it in good order, or else by force; returns when it has ended. */
  @Override
  public void close() {
    stop(process);
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process ends: the hook runs, or has run.
    }
  }

  private static void awaitOrStop(Process process) {
    try {
      if (process.waitFor(TO_STOP_UNASKED.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop(process);
  }

  private static void stop(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (process.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
