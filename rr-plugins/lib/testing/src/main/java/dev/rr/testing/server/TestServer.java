package dev.rr.testing.server;

import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * A program that a test runs until it closes it, such as a broker. It ends with this JVM at the
 * latest. One thread.
 */
public final class TestServer implements Restartable, AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final List<String> command;
  private final int port;
  private Process process;
  private Path output;

  private TestServer(Path folder, int port, List<String> command) throws IOException {
    this.folder = folder;
    this.command = command;
    this.port = port;
    this.output = Files.createTempFile(folder, "server", ".log");
    this.process = run();
  }

  private Process run() throws IOException {
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    ExitCleanup.add(started);
    return started;
  }

  /**
   * Starts a program.
   *
   * @param folder where it runs; what it prints goes to a file there
   */
  public static TestServer start(Path folder, List<String> command) throws IOException {
    return new TestServer(folder, 0, command);
  }

  /** As {@link #start}, and waits until it takes connections on this port of the loopback. */
  public static TestServer listening(Path folder, int port, List<String> command)
      throws IOException {
    TestServer server = new TestServer(folder, port, command);
    server.awaitPort();
    return server;
  }

  /** As {@link #listening(Path, int, List)}, on a port that nobody else has. */
  public static TestServer listening(Path folder, IntFunction<List<String>> command)
      throws IOException {
    int port = freePort();
    return listening(folder, port, command.apply(port));
  }

  /** A folder for servers that all tests of a JVM share; it is deleted when the JVM ends. */
  public static Path sharedFolder(String prefix) throws IOException {
    Path folder = Files.createTempDirectory(prefix);
    ExitCleanup.add(folder);
    return folder;
  }

  private void awaitPort() {
    try {
      await("port " + port + " takes connections", () -> answers(port));
    } catch (Throwable e) {
      // Nobody else can.
      kill();
      throw e;
    }
  }

  /** Starts it again, as it was started first, on what it left behind; it has to have ended. */
  @Override
  public void restart() throws IOException {
    output = Files.createTempFile(folder, "server", ".log");
    process = run();
    if (port != 0) {
      awaitPort();
    }
  }

  /** Where it was seen to listen; 0 when nobody waited for that. */
  @Override
  public int port() {
    return port;
  }

  /**
   * A port that nobody listens on, at any address, for servers that cannot choose one themselves.
   * The same is never given twice in one process. Any thread.
   *
   * <p>It is below what Linux gives to connections and to those who let it choose (32768 to 60999):
   * tests in other processes do both all the time, and one would soon be given a port from there.
   */
  public static int freePort() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      // Its server may not have bound it yet, or be about to come back to it.
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new IOException("a hundred ports were all in use");
  }

  private static boolean isFree(int port) throws IOException {
    try {
      new ServerSocket(port).close();
      return true;
    } catch (BindException e) {
      return false;
    }
  }

  /** Several of them. */
  public static int[] freePorts(int count) throws IOException {
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      ports[i] = freePort();
    }
    return ports;
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until a condition holds; fails with what it printed when it ends before. */
  public void await(String what, BooleanSupplier condition) {
    Await.until(
        START,
        () -> what + "; it printed: " + output(),
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("it ended before " + what + "; it printed: " + output());
          }
          return condition.getAsBoolean();
        });
  }

  /** What it has printed since its last start. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Sends it a signal by its name without SIG, as kill does: {@code STOP} and {@code CONT}. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  /** Ends it without a word, and waits until it is gone. */
  @Override
  public void kill() {
    process.destroyForcibly();
    gone();
  }

  /** Ends it, first in good order, and waits until it is gone. A second call does nothing. */
  @Override
  public void close() {
    process.destroy();
    if (!gone()) {
      kill();
    }
  }

  private boolean gone() {
    try {
      return process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
