package dev.rr.plugin.http.body;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Files that belong to a request and have to be deleted once its worker no longer needs them. Any
 * thread.
 *
 * @param files where they are
 */
public record TempFiles(List<Path> files) {
  /** No files. */
  public static final TempFiles NONE = new TempFiles(List.of());

  /** These files. */
  static TempFiles of(Collection<Path> files) {
    return files.isEmpty() ? NONE : new TempFiles(List.copyOf(files));
  }

  /** Whether there is nothing to delete. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** Deletes them; may block; the second call does nothing. */
  public void delete() {
    files.forEach(Spool::deleteQuietly);
  }
}
