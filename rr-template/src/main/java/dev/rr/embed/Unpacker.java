package dev.rr.embed;

import dev.rr.embed.TarReader.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has in a folder what is in a tar. What is there as it should be stays untouched, what is besides
 * stays, too; everything else is put in place whole, so that a server that runs from the folder
 * sees either the old file or the new one. One thread.
 */
final class Unpacker {
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final int PART = 1 << 16;

  private final TarReader tar;
  private final Path root;
  private final FileTime checked;
  private final byte[] part = new byte[PART];
  private boolean wrote;

  /**
   * Makes one.
   *
   * @param root the folder, which is there
   * @param checked when everything in it was right; files that are not newer and of the right size
   *     are taken to be right
   */
  Unpacker(TarReader tar, Path root, FileTime checked) {
    this.tar = tar;
    this.root = root;
    this.checked = checked;
  }

  /** Does it; returns whether anything was not as it should be. */
  boolean run() throws IOException {
    for (Entry entry = tar.next(); entry != null; entry = tar.next()) {
      Path place = root.resolve(entry.name()).normalize();
      if (!place.startsWith(root) || place.equals(root)) {
        throw new IOException("an entry that leads out, " + entry.name());
      }
      switch (entry.kind()) {
        case FOLDER -> folder(place);
        case LINK -> link(place, Path.of(entry.target()));
        case FILE -> file(place, entry);
      }
    }
    return wrote;
  }

  private static @Nullable BasicFileAttributes attributes(Path place) throws IOException {
    try {
      return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void folder(Path place) throws IOException {
    BasicFileAttributes found = attributes(place);
    if (found != null && found.isDirectory()) {
      return;
    }
    remove(place, found);
    createFolder(place);
  }

  /** Makes one that all may read, whatever the umask; another start may make it, too. */
  static void createFolder(Path place) throws IOException {
    try {
      Files.createDirectory(place, PosixFilePermissions.asFileAttribute(EXECUTABLE));
      Files.setPosixFilePermissions(place, EXECUTABLE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private void link(Path place, Path target) throws IOException {
    BasicFileAttributes found = attributes(place);
    if (found != null && found.isSymbolicLink() && Files.readSymbolicLink(place).equals(target)) {
      return;
    }
    if (found != null && found.isDirectory()) {
      remove(place, found);
    }
    wrote = true;
    Path fresh = place.resolveSibling(".rr-" + UUID.randomUUID());
    try {
      Files.createSymbolicLink(fresh, target);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void file(Path place, Entry entry) throws IOException {
    BasicFileAttributes found = attributes(place);
    Set<PosixFilePermission> mode = entry.executable() ? EXECUTABLE : PLAIN;
    if (found != null && found.isRegularFile()) {
      boolean same = found.size() == entry.size();
      if (same && found.lastModifiedTime().compareTo(checked) <= 0) {
        return;
      }
      // With the whole of it in memory only here, where a file is suspect.
      if (same) {
        byte[] content = content(entry);
        if (!Arrays.equals(content, Files.readAllBytes(place))) {
          write(place, mode, List.of(content));
        }
        return;
      }
    } else if (found != null) {
      remove(place, found);
    }
    write(place, mode, List.of());
  }

  private byte[] content(Entry entry) throws IOException {
    byte[] all = new byte[Math.toIntExact(entry.size())];
    ByteBuffer buffer = ByteBuffer.wrap(all);
    for (int count = tar.read(part); count >= 0; count = tar.read(part)) {
      buffer.put(part, 0, count);
    }
    return all;
  }

  /** Writes these bytes, or what the tar has, under another name first. */
  private void write(Path place, Set<PosixFilePermission> mode, List<byte[]> known)
      throws IOException {
    wrote = true;
    Path fresh = Files.createTempFile(place.getParent(), ".rr-", "");
    try {
      try (OutputStream out = Files.newOutputStream(fresh)) {
        for (byte[] bytes : known) {
          out.write(bytes);
        }
        for (int count = tar.read(part); count >= 0; count = tar.read(part)) {
          out.write(part, 0, count);
        }
      }
      Files.setPosixFilePermissions(fresh, mode);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** What is of another kind than it should be. */
  private void remove(Path place, @Nullable BasicFileAttributes found) throws IOException {
    wrote = true;
    // What is there by now, if nothing was, is of another start.
    if (found != null) {
      delete(place);
    }
  }

  /**
   * Deletes a file, a link, or a folder with all that is in it, if it is there; what an application
   * has made read-only, too.
   */
  static void delete(Path place) throws IOException {
    BasicFileAttributes found = attributes(place);
    if (found != null && found.isDirectory()) {
      for (Path inside : list(place)) {
        delete(inside);
      }
    }
    Files.deleteIfExists(place);
  }

  private static List<Path> list(Path folder) throws IOException {
    try {
      Files.setPosixFilePermissions(folder, EXECUTABLE);
    } catch (FileSystemException e) {
      // Another user's, who may have left it empty.
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
