package dev.rr.embed;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The PHP application in the packed file. It is unpacked to a folder that is called after its hash,
 * so that another version is another folder, and none is changed under a server that runs from it.
 *
 * <pre>
 * BASE/HASH/app       the application
 * BASE/HASH/checked   when everything in it was last as it should be
 * BASE/HASH/lock      locked by each process that uses it
 * BASE/HASH/used      when it was last used
 * BASE/HASH/file      a link to the packed file that used it last
 * </pre>
 *
 * <p>Any thread.
 */
public final class EmbeddedApplication {
  /** Names the folder in which applications are unpacked. */
  public static final String VARIABLE = "RR_EMBED_DIR";

  private static final String TAR = "META-INF/rr/app.tar";
  private static final String HASH = "META-INF/rr/app.sha256";
  private static final int DIGITS = 16;
  private static final String CHECKED = "checked";

  /** The application, in its place. */
  static final String FOLDER = "app";

  /** How the names of folders begin that are being unpacked or deleted. */
  static final String TEMPORARY = ".rr-app-";

  private static final Duration LONGEST_START = Duration.ofHours(1);
  private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

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

  /** Whether this is a folder whose name is that of a place. */
  static boolean isPlace(Path folder) {
    return folder.getFileName().toString().matches("[0-9a-f]{" + DIGITS + "}")
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Has it unpacked, and as it was built; what the application has written besides stays. Earlier
   * versions that nobody uses are removed.
   *
   * @param base where applications are unpacked; made where it is not there
   * @param packed the file that this runs from; where that is not known nothing is removed
   * @return to be closed when the application is not used any more
   * @throws IOException when it cannot be unpacked, or somebody else could change the folder
   */
  public UnpackedApplication use(Path base, Optional<Path> packed) throws IOException {
    UnpackedApplication used = lock(base);
    try {
      mend(used.place());
    } catch (IOException e) {
      used.close();
      throw e;
    }
    if (packed.isPresent()) {
      used.usedBy(packed.get());
      new EarlierVersions(used.place(), packed.get()).remove();
    }
    return used;
  }

  private UnpackedApplication lock(Path base) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      Optional<UnpackedApplication> used = tryLock(base);
      if (used.isPresent()) {
        return used.get();
      }
      if (System.nanoTime() - begun > LONGEST_REMOVAL.toNanos()) {
        throw new IOException("its lock cannot be taken");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Returns nothing while another start removes the place. */
  private Optional<UnpackedApplication> tryLock(Path base) throws IOException {
    Files.createDirectories(base, PosixFilePermissions.asFileAttribute(READABLE));
    // A link on the way could lead elsewhere once this was looked at.
    Path real = base.toRealPath();
    Path place = real.resolve(hash.substring(0, DIGITS));
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      create(real, place);
    }
    try {
      Path folder = place.resolve(FOLDER);
      if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Unpacker.createFolder(folder);
      }
      requireOwn(place, folder);
      return UnpackedApplication.lock(place);
    } catch (NoSuchFileException e) {
      if (Files.exists(place)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private void mend(Path place) throws IOException {
    Path checked = place.resolve(CHECKED);
    boolean wrong = unpackTo(place.resolve(FOLDER), time(checked));
    if (wrong || !Files.exists(checked)) {
      touch(checked);
    }
  }

  private void create(Path base, Path place) throws IOException {
    sweep(base);
    Path fresh = Files.createTempDirectory(base, TEMPORARY);
    try {
      Files.setPosixFilePermissions(fresh, READABLE);
      Path folder = fresh.resolve(FOLDER);
      Unpacker.createFolder(folder);
      boolean unused = unpackTo(folder, time(fresh));
      touch(fresh.resolve(CHECKED));
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another start was quicker: then its folder is as good.
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    } finally {
      Unpacker.delete(fresh);
    }
  }

  /** Removes what starts have left that were killed. */
  private static void sweep(Path base) {
    FileTime old = FileTime.from(Instant.now().minus(LONGEST_START));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(base, TEMPORARY + "*")) {
      for (Path folder : left) {
        sweep(folder, old);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Not this user's to look at.
    }
  }

  private static void sweep(Path left, FileTime old) {
    try {
      if (Files.getLastModifiedTime(left).compareTo(old) < 0) {
        Unpacker.delete(left);
      }
    } catch (IOException e) {
      // Another user's, or another start removes it: neither is in the way of the next.
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

  /**
   * What is in there runs as this user: nobody but this user and root may change it. That the
   * folders above are theirs is enough, as who has one says who else writes there: a volume of a
   * container is open to all, and only its own processes see it.
   */
  static void requireOwn(Path place, Path folder) throws IOException {
    for (Path inside : List.of(place, folder)) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(inside);
      if (mode.contains(PosixFilePermission.OTHERS_WRITE)
          || mode.contains(PosixFilePermission.GROUP_WRITE)) {
        throw foreign(inside);
      }
    }
    Path self = Path.of("/proc/self");
    Object own = owner(Files.exists(self) ? self.toRealPath() : place);
    for (Path at = folder; at != null; at = at.getParent()) {
      Object owner = owner(at);
      if (!owner.equals(own) && !owner.equals(0)) {
        throw foreign(at);
      }
    }
  }

  private static Object owner(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static IOException foreign(Path folder) {
    return new IOException(folder + " may be changed by others than this user");
  }
}
