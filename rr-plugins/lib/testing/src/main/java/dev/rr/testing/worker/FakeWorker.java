package dev.rr.testing.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker for tests: a PHP script that needs neither a package nor a php.ini. The context of a
 * request tells it what to do: {@code echo}, {@code pid}, {@code hang}, {@code crash}, {@code slow
 * 50}, {@code hold FILE}, {@code stream 7}, …; the script lists them all.
 */
public final class FakeWorker {
  private FakeWorker() {}

  /** The command of a worker whose script is put in {@code folder}. */
  public static List<String> command(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("php", "-n", script(folder).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Puts the script in {@code folder}. */
  public static Path script(Path folder) {
    Path script = folder.resolve("fake-worker.php");
    try (InputStream in = FakeWorker.class.getResourceAsStream("fake-worker.php")) {
      if (in == null) {
        throw new IllegalStateException("fake-worker.php is not packed with rr-testing");
      }
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return script;
  }
}
