package dev.rr.plugin.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that lines are added to. */
final class FileTarget implements Target {
  /** Of files that are rotated: owner and group only, as logs tell about visitors. */
  static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-r-----");

  private final Path path;
  private @Nullable OutputStream stream;

  FileTarget(Path path) {
    this.path = path;
  }

  @Override
  public void open() throws IOException {
    stream = append(path, Set.of());
  }

  /**
   * Opens a file at its end; failures are told in words.
   *
   * @param permissions of a file that is made; the system's own when empty
   */
  static OutputStream append(Path path, Set<PosixFilePermission> permissions) throws IOException {
    try {
      return Channels.newOutputStream(
          Files.newByteChannel(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
              attributes(permissions)));
    } catch (NoSuchFileException e) {
      throw new IOException("cannot open " + path + ": its folder does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot open " + path + ": permission denied", e);
    } catch (IOException e) {
      throw new IOException("cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return permissions.isEmpty()
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
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
