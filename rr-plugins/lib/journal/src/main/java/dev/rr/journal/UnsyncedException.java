package dev.rr.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk did not take what was written. Nobody knows what of it is there, and the system may tell
 * the next sync that all is well: the file must not be written any more.
 */
final class UnsyncedException extends IOException {
  private static final long serialVersionUID = 1L;

  UnsyncedException(Path file, IOException cause) {
    super(
        file + " could not be synced (" + cause.getMessage() + "), and is not written any more",
        cause);
  }
}
