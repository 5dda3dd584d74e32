package dev.rr.testing.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * PHP workers of tests, whose scripts are resources. Beside each is {@code goridge.php}, which it
 * may require: it speaks the workers' protocol, so that a script needs no package. Any thread.
 */
public final class PhpWorkerScript {
  private static final String GORIDGE = "goridge.php";

  private PhpWorkerScript() {}

  /**
   * Puts a script in {@code folder}, over one of the same name.
   *
   * @param owner the class beside whose resources it is
   * @return where it is
   * @throws NullPointerException when there is none of this name
   */
  public static Path put(Path folder, Class<?> owner, String name) throws IOException {
    copy(PhpWorkerScript.class, GORIDGE, folder);
    return copy(owner, name, folder);
  }

  /**
   * Puts a script that is a file in {@code folder}, over one of the same name.
   *
   * @return where it is
   */
  public static Path put(Path folder, Path script) throws IOException {
    copy(PhpWorkerScript.class, GORIDGE, folder);
    Path file = folder.resolve(script.getFileName());
    return Files.copy(script, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path copy(Class<?> owner, String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = owner.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in, name), file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
