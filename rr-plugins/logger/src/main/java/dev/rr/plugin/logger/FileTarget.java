package dev.rr.plugin.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file that lines are added to. */
final class FileTarget implements Target {
  private final Path path;
  private @Nullable OutputStream stream;

  FileTarget(Path path) {
    this.path = path;
  }

  @Override
  public void open() throws IOException {
    stream = append(path);
  }

  /** Opens a file at its end; failures are told in words. */
  static OutputStream append(Path path) throws IOException {
    try {
      return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (NoSuchFileException e) {
      throw new IOException("cannot open " + path + ": its folder does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot open " + path + ": permission denied", e);
    } catch (IOException e) {
      throw new IOException("cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    OutputStream open = stream;
    if (open == null) {
      throw new IOException(path + " is not open");
    }
    open.write(bytes, 0, length);
  }

  @Override
  public void close() throws IOException {
    OutputStream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}
