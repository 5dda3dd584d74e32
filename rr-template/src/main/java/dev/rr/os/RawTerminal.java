package dev.rr.os;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of this process, from which keys arrive as they are pressed and are not shown.
 * Closed it is as it was before; a process that ends without closing it does so as well, unless it
 * is killed. Java knows nothing of terminals, so this asks {@code stty}. One thread.
 */
public final class RawTerminal implements AutoCloseable {
  private static final File TERMINAL = new File("/dev/tty");
  private static final long PATIENCE_SECONDS = 5;

  private final String before;
  private final Thread restore;

  /** How many characters it shows. */
  public record Size(int rows, int columns) {
    /** What terminals have had since there are any; taken where none is told. */
    public static final Size USUAL = new Size(24, 80);
  }

  private RawTerminal(String before) {
    this.before = before;
    this.restore = Thread.ofPlatform().name("rr-terminal").unstarted(this::restore);
    Runtime.getRuntime().addShutdownHook(restore);
  }

  /**
   * Takes the terminal. The key that stops a process does nothing from now on, as a stopped one
   * would leave the terminal as it is.
   *
   * @throws IOException when this process has none
   */
  public static RawTerminal open() throws IOException {
    RawTerminal terminal = new RawTerminal(stty("-g").strip());
    stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "undef");
    return terminal;
  }

  /** How large it is now. */
  public Size size() {
    try {
      String[] parts = stty("size").strip().split(" ");
      Size size = new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      return size.rows() > 0 && size.columns() > 0 ? size : Size.USUAL;
    } catch (IOException | RuntimeException notTold) {
      return Size.USUAL;
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restore);
    } catch (IllegalStateException ending) {
      // The hook is under way, and does no harm.
    }
  }

  private void restore() {
    try {
      stty(before);
    } catch (IOException gone) {
      return;
    }
  }

  private static String stty(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("stty"));
    line.addAll(List.of(arguments));
    Process stty =
        new ProcessBuilder(line).redirectInput(TERMINAL).redirectErrorStream(true).start();
    try {
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || stty.exitValue() != 0) {
        throw new IOException("stty: " + said.strip());
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      stty.destroyForcibly();
    }
  }
}
