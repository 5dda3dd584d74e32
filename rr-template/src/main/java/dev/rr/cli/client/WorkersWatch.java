package dev.rr.cli.client;

import dev.rr.cli.command.CliException;
import dev.rr.os.RawTerminal;
import dev.rr.os.RawTerminal.Size;
import dev.rr.os.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Shows workers in the whole terminal until its user leaves: asks the server once a second, and
 * draws when it has answered, when a key is pressed and when the terminal changes its size. The
 * main thread draws; {@code rr-workers-keys} reads keys, {@code rr-workers-poll} asks, so a server
 * that hangs stops no key. Both are daemons and end with the process.
 */
final class WorkersWatch {
  /** Another screen, so that what stood in the terminal stays; no cursor. */
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";

  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final int ESCAPE = 27;
  private static final char QUIT = 'q';
  private static final char RESIZED = '\u0001';
  private static final int CAPACITY = 64;

  /** What makes it draw: a key, or else a sample. */
  private sealed interface Event {}

  private record Key(char key) implements Event {}

  private record Sampled(WorkerSample sample) implements Event {}

  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(CAPACITY);
  private final RpcAddress address;
  private final WorkersView view;
  private final List<String> plugins;

  WorkersWatch(RpcAddress address, WorkersView view, List<String> plugins) {
    this.address = address;
    this.view = view;
    this.plugins = plugins;
  }

  /**
   * Watches until {@code q}, Ctrl+C or SIGTERM.
   *
   * @throws IOException when this process has no terminal
   */
  void run(PrintStream out, InputStream keys, WorkersScreen screen)
      throws IOException, InterruptedException {
    try (RawTerminal terminal = RawTerminal.open();
        Signals signals = new Signals()) {
      for (String end : List.of("INT", "TERM")) {
        signals.handle(end, () -> events.offer(new Key(QUIT)));
      }
      signals.handle("WINCH", () -> events.offer(new Key(RESIZED)));
      write(out, ENTER);
      try {
        start("rr-workers-keys", () -> read(keys));
        start("rr-workers-poll", this::poll);
        draw(out, terminal, screen);
      } finally {
        write(out, LEAVE);
      }
    }
  }

  private void draw(PrintStream out, RawTerminal terminal, WorkersScreen screen)
      throws InterruptedException {
    Size size = terminal.size();
    WorkerSample shown = WorkerSample.failed("asking " + address.dsn() + " …");
    while (true) {
      write(out, screen.frame(shown, size));
      switch (events.take()) {
        case Sampled(WorkerSample sample) -> shown = sample;
        case Key(char key) -> {
          if (Character.toLowerCase(key) == QUIT) {
            return;
          }
          size = key == RESIZED ? terminal.size() : size;
          screen.key(key);
        }
      }
    }
  }

  /** One write for a frame, so that no half of one is ever seen. */
  private static void write(PrintStream out, String text) {
    out.print(text);
    out.flush();
  }

  private static void start(String name, Runnable body) {
    Thread.ofPlatform().daemon().name(name).start(body);
  }

  private void read(InputStream keys) {
    try {
      for (int key = key(keys); key >= 0; key = key(keys)) {
        events.put(new Key((char) key));
      }
      events.put(new Key(QUIT));
    } catch (IOException e) {
      events.offer(new Key(QUIT));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next key; those that send a sequence, as the arrows do, are none that is known here. */
  static int key(InputStream keys) throws IOException {
    int key = keys.read();
    while (key == ESCAPE) {
      key = keys.read();
      if (key == '[' || key == 'O') {
        do {
          key = keys.read();
        } while (key >= 0 && (key < '@' || key > '~'));
        key = key < 0 ? key : keys.read();
      }
    }
    return key;
  }

  private void poll() {
    WorkerSample before = WorkerSample.failed("");
    try {
      while (true) {
        before = sample(before);
        events.put(new Sampled(before));
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Connects each time: a server that was restarted meanwhile is found again. */
  private WorkerSample sample(WorkerSample before) {
    try (RpcClient client = RpcClient.connect(address)) {
      return WorkerSample.of(client::call, view, plugins, before);
    } catch (IOException | CliException e) {
      return WorkerSample.failed(String.valueOf(e.getMessage()));
    }
  }
}
