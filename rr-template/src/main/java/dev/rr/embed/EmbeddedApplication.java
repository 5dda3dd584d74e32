package dev.rr.embed;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The PHP application in the packed file. It is unpacked to a folder that is called after its hash,
 * so that another version is another folder, and none is changed under a server that runs from it.
 *
 * <pre>
 * BASE/HASH/app       the application
 * BASE/HASH/checked   when everything in it was last as it should be
 * </pre>
 */
public final class EmbeddedApplication {
  /** Names the folder in which applications are unpacked. */
  public static final String VARIABLE = "RR_EMBED_DIR";

  private static final String TAR = "META-INF/rr/app.tar";
  private static final String HASH = "META-INF/rr/app.sha256";
  private static final int DIGITS = 16;
  private static final String CHECKED = "checked";

  private final String hash;
  private final Source tar;

  /** Opens the tar. */
  interface Source {
    InputStream open() throws IOException;
  }

  EmbeddedApplication(String hash, Source tar) {
    this.hash = hash;
    this.tar = tar;
  }

  /** The one among these classes; empty when the file was built without. */
  public static Optional<EmbeddedApplication> find(ClassLoader classes) throws IOException {
    try (InputStream hash = classes.getResourceAsStream(HASH)) {
      if (hash == null) {
        return Optional.empty();
      }
      String text = new String(hash.readAllBytes(), StandardCharsets.US_ASCII);
      return Optional.of(new EmbeddedApplication(text, () -> open(classes)));
    }
  }

  private static InputStream open(ClassLoader classes) throws IOException {
    InputStream in = classes.getResourceAsStream(TAR);
    if (in == null) {
      throw new FileNotFoundException(TAR);
    }
    return in;
  }

  /** Where applications are unpacked: as {@value #VARIABLE} says, else in the user's cache. */
  public static Path base(Map<String, String> environment) {
    String said = environment.getOrDefault(VARIABLE, "");
    if (!said.isEmpty()) {
      return Path.of(said).toAbsolutePath();
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "/nonexistent");
    return (cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache))
        .toAbsolutePath()
        .resolve("rr/app");
  }

  /**
   * Has it unpacked, and as it was built; what the application has written besides stays.
   *
   * @return its folder
   * @throws IOException when that cannot be, or somebody else could change the folder
   */
  public Path unpack(Path base) throws IOException {
    Path place = base.resolve(hash.substring(0, DIGITS));
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      create(base, place);
    }
    requireOwn(place);
    Path folder = place.resolve("app");
    Files.createDirectories(folder);
    Path checked = place.resolve(CHECKED);
    boolean wrong = unpackTo(folder, time(checked));
    if (wrong || !Files.exists(checked)) {
      touch(checked);
    }
    return folder;
  }

  private void create(Path base, Path place) throws IOException {
    Files.createDirectories(base);
    Path fresh = Files.createTempDirectory(base, ".rr-");
    try {
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      boolean unused = unpackTo(Files.createDirectory(fresh.resolve("app")), time(fresh));
      touch(fresh.resolve(CHECKED));
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another start was quicker: then its folder is as good.
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    } finally {
      if (Files.exists(fresh)) {
        Unpacker.delete(fresh);
      }
    }
  }

  /** Returns whether anything there was not as it should be. */
  private boolean unpackTo(Path folder, FileTime checked) throws IOException {
    try (InputStream in = tar.open()) {
      return new Unpacker(new TarReader(in), folder, checked).run();
    }
  }

  private static FileTime time(Path checked) throws IOException {
    try {
      return Files.isRegularFile(checked)
          ? Files.getLastModifiedTime(checked)
          : FileTime.fromMillis(0);
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static void touch(Path checked) throws IOException {
    if (!Files.exists(checked)) {
      Files.writeString(checked, "");
    }
    Files.setLastModifiedTime(checked, FileTime.from(Instant.now()));
  }

  /** What is in there runs as this user: it has to be this user's or root's, and nobody else's. */
  private static void requireOwn(Path place) throws IOException {
    Object owner = Files.getAttribute(place, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Path self = Path.of("/proc/self");
    Object own = Files.exists(self) ? Files.getAttribute(self, "unix:uid") : owner;
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(place);
    if (!owner.equals(own) && !owner.equals(0)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)
        || mode.contains(PosixFilePermission.GROUP_WRITE)) {
      throw new IOException(place + " may be changed by others than this user");
    }
  }
}
