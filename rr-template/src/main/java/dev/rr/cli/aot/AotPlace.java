package dev.rr.cli.aot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * Where the start-up cache of a packed file lives. Beside it stands a file {@code <cache>.key} of
 * one line that names the build and the JVM it was made by; the preamble uses a cache only when
 * that line is its own.
 *
 * @param file the packed file
 * @param key what the preamble expects
 * @param fallback the cache's place when the file's folder cannot be written, or can by everybody
 */
record AotPlace(Path file, String key, Path fallback) {
  private static final String KEY_PROPERTY = "rr.aot.key";
  private static final String CACHE_PROPERTY = "rr.aot.cache";

  static Optional<AotPlace> system(Path file) {
    String key = System.getProperty(KEY_PROPERTY, "");
    String cache = System.getProperty(CACHE_PROPERTY, "");
    return key.isEmpty() || cache.isEmpty()
        ? Optional.empty()
        : Optional.of(new AotPlace(file, key, Path.of(cache)));
  }

  /** The cache's path; its folder is made. */
  Path cache() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && Files.isWritable(folder) && !isWritableByOthers(folder)) {
      return folder.resolve(file.getFileName() + ".aot");
    }
    Path parent = fallback.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return fallback;
  }

  /** The preamble trusts no cache in a folder that everybody writes to. */
  private static boolean isWritableByOthers(Path folder) throws IOException {
    return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
  }

  /**
   * Puts a new cache in place. The key goes first and comes last, so that no cache ever stands
   * under a key of another.
   */
  void publish(Path made, Path cache) throws IOException {
    Path keyFile = cache.resolveSibling(cache.getFileName() + ".key");
    Files.deleteIfExists(keyFile);
    Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Path fresh = cache.resolveSibling(cache.getFileName() + ".key.new");
    Files.writeString(fresh, key + "\n");
    Files.move(fresh, keyFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
