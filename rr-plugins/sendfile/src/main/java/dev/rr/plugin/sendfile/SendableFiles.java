package dev.rr.plugin.sendfile;

import dev.rr.http.MediaTypes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file that a header names. Symbolic links are followed before a file is held against the
 * root, so none leads out of it. Any thread.
 *
 * @param base where relative names begin
 * @param root the only directory to send from, or null for any
 */
record SendableFiles(Path base, @Nullable Path root) {

  /** A file, or the status that answers. */
  sealed interface Result {}

  /**
   * A file.
   *
   * @param type its media type
   */
  record Found(Path file, long size, Instant modified, String type) implements Result {}

  record Refused(int status, String why) implements Result {}

  /** Finds the file of a name. Blocks. */
  Result find(String name) {
    if (name.contains("..")) {
      // Upstream's rule, and as simple as can be: whoever joins names must not be led elsewhere.
      return new Refused(403, "there is `..` in the name");
    }
    try {
      // Sent under its real name: a link that is turned elsewhere meanwhile changes nothing.
      Path file = base.resolve(name).toRealPath();
      if (root != null && !file.startsWith(root.toRealPath())) {
        return new Refused(403, "the file is not below http.sendfile.root");
      }
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      if (!facts.isRegularFile()) {
        return new Refused(404, "not a file");
      }
      if (!Files.isReadable(file)) {
        return new Refused(500, "the file cannot be read");
      }
      Instant modified = facts.lastModifiedTime().toInstant();
      return new Found(file, facts.size(), modified, MediaTypes.of(file));
    } catch (InvalidPathException e) {
      return new Refused(403, "not a path");
    } catch (NoSuchFileException e) {
      return new Refused(404, "no such file");
    } catch (AccessDeniedException e) {
      return new Refused(500, "the file cannot be read");
    } catch (IOException e) {
      // A name too long, a file in place of a directory, links in a circle.
      return new Refused(404, "no such file: " + e.getMessage());
    }
  }
}
