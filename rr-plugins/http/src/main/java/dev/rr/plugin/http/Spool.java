package dev.rr.plugin.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that live as long as a request. May block: never on a loop. */
final class Spool {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private Spool() {}

  /** Makes a file that only this user may read. */
  static Path create(Path dir, String prefix) throws IOException {
    return Files.createTempFile(dir, prefix, "", OWNER_ONLY);
  }

  static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The application may have moved it; a file that cannot be deleted is the folder owner's
      // business.
    }
  }
}
