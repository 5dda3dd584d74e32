package dev.rr.build;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;

/** Reads files that somebody wrote, whatever is in them, and writes them whole. Stateless. */
public final class TextFile {
  /** In bytes, far more than such a file has; what is made of it in memory is many times that. */
  private static final long LARGEST = 16_000_000;

  private static final int LINE = 200;

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

  /** Why a parser could not read one, in a line that ends: some repeat what they were given. */
  public static String reason(Exception e) {
    String line =
        String.valueOf(e.getMessage())
            .replaceFirst("^[\\w.]+Exception: ", "")
            .replaceFirst("(?s)\\R.*", "");
    return line.length() <= LINE ? line : line.substring(0, LINE) + "…";
  }

  /**
   * Writes one, and the folders above where they are not there; what was there stays until the new
   * one is whole. What is no file, as {@code /dev/stdout}, is written to.
   */
  public static void write(Path file, String text) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      Files.writeString(target, text);
      return;
    }
    Path folder = Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Path fresh = folder.resolve(".rr-" + UUID.randomUUID());
    try {
      Files.writeString(fresh, text);
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw BuildException.at(file, e);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
