package dev.rr.build.application;

import dev.rr.build.BuildException;
import dev.rr.build.archive.FolderListing;
import dev.rr.build.archive.Hash;
import dev.rr.build.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A PHP application that goes into the file, as one tar whose bytes depend on names, contents,
 * links and on what may be executed. Immutable.
 */
public final class Application {
  /** Where the file has the tar, and its hash; the server's EmbeddedApplication reads both. */
  public static final String TAR = "META-INF/rr/app.tar";

  static final String HASH = "META-INF/rr/app.sha256";

  /** Behind the name of the file: for Windows, the cache for its start, and its bills. */
  private static final List<String> BESIDE = List.of(".cmd", ".aot", ".cdx.json", ".spdx.json");

  /** In bytes: the tar is an array, which holds twice as much. */
  private static final long LARGEST = 1_000_000_000;

  private final Path folder;
  private final FolderListing listing;
  private final byte[] tar;
  private final String hash;
  private final int files;

  private Application(Path folder, FolderListing listing, byte[] tar) {
    this.folder = folder;
    this.listing = listing;
    this.tar = tar;
    this.hash = Hash.of(tar);
    this.files = listing.files();
  }

  /**
   * Reads one.
   *
   * @param key by which the user named the folder
   * @param excludes globs of what stays out, as {@link FolderListing} has them
   * @throws BuildException when it is no folder, is too large, or links lead out of it
   */
  public static Application of(String key, Path folder, List<String> excludes)
      throws BuildException, IOException {
    if (!Files.isDirectory(folder)) {
      throw new BuildException("%s: %s is no folder".formatted(key, folder));
    }
    FolderListing listing = FolderListing.of(folder, excludes);
    List<String> out = listing.leadingOut();
    if (!out.isEmpty()) {
      throw new BuildException(
          "%s: links lead out of %s, where nothing is in the file; rr.appExcludes leaves them out:%n  %s"
              .formatted(key, folder, String.join("\n  ", out)));
    }
    long all = listing.bytes();
    if (all > LARGEST) {
      throw new BuildException(
          "%s: %s has %d MB, %d are allowed; rr.appExcludes leaves out what need not be in the file"
              .formatted(key, folder, all / 1_000_000, LARGEST / 1_000_000));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(bytes)) {
      listing.write(writer, "");
    }
    return new Application(folder, listing, bytes.toByteArray());
  }

  /**
   * Globs of what stays out of an application: what the user says, {@code .git}, and what builds
   * write into its folder. No more: beside the file in {@code bin} are the application's own.
   *
   * @param target the folder that only builds write into
   * @param output the file; what goals write beside it, by its name, stays out too
   * @param more files and folders that are written
   */
  public static List<String> leftOut(
      Path folder, List<String> said, Path target, Path output, List<Path> more)
      throws IOException {
    Path root = real(folder.toAbsolutePath().normalize());
    List<String> globs = new ArrayList<>(said);
    globs.add(".git");
    List<Path> written = new ArrayList<>(List.of(target, output));
    BESIDE.forEach(end -> written.add(output.resolveSibling(output.getFileName() + end)));
    written.add(output.resolveSibling("rr-runtime"));
    written.add(output.resolveSibling("rr-image.tar"));
    written.addAll(more);
    for (Path place : written) {
      Path there = real(place.toAbsolutePath().normalize());
      if (there.startsWith(root) && !there.equals(root)) {
        globs.add("/" + literal(root.relativize(there).toString()));
      }
    }
    return List.copyOf(globs);
  }

  /** Without links in it, as far as it is there. */
  private static Path real(Path place) throws IOException {
    Path parent = place.getParent();
    if (parent == null || Files.isDirectory(place)) {
      return place.toRealPath();
    }
    return real(parent).resolve(Objects.requireNonNull(place.getFileName()));
  }

  /** A glob that this name alone matches. */
  private static String literal(String name) {
    return name.replaceAll("[\\[\\]{}*?\\\\]", "\\\\$0");
  }

  /** SHA-256 of its tar in hexadecimal digits. */
  public String hash() {
    return hash;
  }

  /** How many files and links it has. */
  public int files() {
    return files;
  }

  /** How long its tar is. */
  public long bytes() {
    return tar.length;
  }

  /**
   * The packages that its {@code composer.lock} names, sorted; none where it has no such file.
   * Those for development alone count when they go into the file, too.
   *
   * @throws BuildException when that file cannot be read
   */
  public List<ComposerPackage> packages() throws BuildException {
    return ComposerLock.read(
        folder.resolve(ComposerLock.NAME), name -> listing.has("vendor/" + name));
  }

  /** What the file has of it, by path. */
  public static Map<String, byte[]> entries(Optional<Application> application) {
    return application
        .map(app -> Map.of(TAR, app.tar, HASH, app.hash.getBytes(StandardCharsets.US_ASCII)))
        .orElse(Map.of());
  }

  /** How large it is. */
  public String size() {
    return "%d files, %.1f kB".formatted(files, tar.length / 1e3);
  }
}
