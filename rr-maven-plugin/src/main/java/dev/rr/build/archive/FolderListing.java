package dev.rr.build.archive;

import dev.rr.build.BuildException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/**
 * What is in a folder, by names with slashes, so that the order is the same on every system; what
 * is not a file, a folder or a link does not count. Immutable.
 */
public final class FolderListing {
  private final Path folder;
  private final TreeMap<String, Path> entries = new TreeMap<>();
  private final List<String> lossy = new ArrayList<>();

  private FolderListing(Path folder) {
    this.folder = folder;
  }

  /**
   * Looks at a folder.
   *
   * @param excludes globs of what stays behind, with all that is in it: {@code *.log} wherever it
   *     is, {@code storage/logs} and {@code /var} from the folder on
   */
  public static FolderListing of(Path folder, List<String> excludes)
      throws BuildException, IOException {
    // The walk would take a link to the folder for all there is.
    FolderListing listing = new FolderListing(folder.toRealPath());
    List<PathMatcher> left = new ArrayList<>();
    for (String glob : excludes) {
      left.add(matcher(glob));
    }
    Files.walkFileTree(listing.folder, listing.new Visitor(left));
    listing.requireNames();
    return listing;
  }

  /** Another locale than that of the names reads them as other names, or as one. */
  private void requireNames() throws BuildException {
    List<String> bad = lossy.stream().sorted().limit(10).toList();
    if (!bad.isEmpty()) {
      throw new BuildException(
          "%s: names that are no text in this locale, LC_ALL=C.UTF-8 may be the one of:%n  %s"
              .formatted(folder, String.join("\n  ", bad)));
    }
  }

  private static boolean isText(Path name) {
    try {
      return Path.of(name.toString()).equals(name);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static PathMatcher matcher(String glob) throws BuildException {
    String pattern = glob.replaceFirst("^/", "").replaceFirst("/$", "");
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return glob.replaceFirst("/$", "").contains("/")
          ? matcher
          : path -> matcher.matches(path.getFileName());
    } catch (PatternSyntaxException e) {
      throw new BuildException(
          "rr.appExcludes: \"%s\" is no glob: %s".formatted(glob, e.getDescription()));
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final List<PathMatcher> excludes;

    Visitor(List<PathMatcher> excludes) {
      this.excludes = excludes;
    }

    private boolean add(Path file) {
      Path name = folder.relativize(file);
      if (excludes.stream().anyMatch(e -> e.matches(name))) {
        return false;
      }
      if (!isText(name)) {
        lossy.add(name.toString());
      }
      entries.put(name.toString().replace(File.separatorChar, '/'), file);
      return true;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
      return at.equals(folder) || add(at) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isOther()) {
        add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /** Whether something has this path, in which names are parted by slashes. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** How many files and links there are. */
  public int files() {
    return (int) entries.values().stream().filter(file -> !isFolder(file)).count();
  }

  /** What the files have together. */
  public long bytes() throws IOException {
    long all = 0;
    for (Path file : entries.values()) {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        all += Files.size(file);
      }
    }
    return all;
  }

  /** Writes all of it, each name behind this text. */
  public void write(TarWriter tar, String before) throws IOException {
    for (Map.Entry<String, Path> entry : entries.entrySet()) {
      String name = before + entry.getKey();
      Path file = entry.getValue();
      if (Files.isSymbolicLink(file)) {
        tar.link(name, Files.readSymbolicLink(file).toString().replace(File.separatorChar, '/'));
      } else if (isFolder(file)) {
        tar.folder(name);
      } else {
        tar.file(name, file, Files.isExecutable(file));
      }
    }
  }

  private static boolean isFolder(Path file) {
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Links that lead out of the folder, with where they lead. */
  public List<String> leadingOut() throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    List<String> out = new ArrayList<>();
    for (Map.Entry<String, Path> entry : entries.entrySet()) {
      Path file = entry.getValue();
      if (Files.isSymbolicLink(file)) {
        Path to = Files.readSymbolicLink(file);
        Path there = root.resolve(entry.getKey()).resolveSibling(to).normalize();
        boolean inside = !to.isAbsolute() && there.startsWith(root);
        if (!inside || Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
          out.add(entry.getKey() + " -> " + to);
        }
      }
    }
    return out;
  }
}
