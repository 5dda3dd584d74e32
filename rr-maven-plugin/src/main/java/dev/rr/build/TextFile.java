package dev.rr.build;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that somebody wrote, whatever is in them. Stateless. */
public final class TextFile {
  /** In bytes, far more than such a file has; what is made of it in memory is many times that. */
  private static final long LARGEST = 16_000_000;

  private TextFile() {}

  /**
   * The text of one.
   *
   * @throws BuildException when it is no text in UTF-8, or too large
   */
  public static String read(Path file) throws BuildException, IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new BuildException(
          "%s cannot be read: it has %d MB, %d are allowed"
              .formatted(file, size / 1_000_000, LARGEST / 1_000_000));
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new BuildException(file + " cannot be read: it is no text in UTF-8");
    }
  }
}
