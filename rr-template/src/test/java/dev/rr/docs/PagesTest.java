package dev.rr.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the pages true: the classes, files and libraries that they name exist. */
class PagesTest {
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
  private static final Pattern LIBRARY = Pattern.compile("`(lib/[a-z]+)`");

  /** What looks like a path of this repository; what stands behind a blank are arguments. */
  private static final Pattern FILE =
      Pattern.compile("`((?:bin|bench|docs|it|rr-[a-z]+)/[A-Za-z0-9_./-]*)[ `]");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  /**
   * Words that are no classes of ours: HTTP fields, figures of Linux, values of keys, types of the
   * JDK and of other projects.
   */
  private static final Set<String> FOREIGN =
      Set.of(
          "AllISRAck",
          "ConcurrentHashMap",
          "ETag",
          "FileChannel",
          "MemcachedSessionLocator",
          "NodeLocator",
          "Optional",
          "Range",
          "ServiceLoader",
          "SslContext",
          "Storage",
          "StreamingPull",
          "Trailer",
          "VmHWM");

  /** Words for types that are nested in a generated class for each protocol. */
  private static final Set<String> MESSAGES = Set.of("Request", "Response");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> decisions = Files.list(TOP.resolve("docs/decisions"))) {
      Stream<Path> others =
          Stream.of(
                  "README.md",
                  "CONTRIBUTING.md",
                  "docs/architecture.md",
                  "docs/differences.md",
                  "docs/plugins.md",
                  "bench/README.md")
              .map(TOP::resolve);
      return Stream.concat(others, decisions.sorted().toList().stream());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyClassThatAPageNamesExists(Path page) throws IOException {
    List<String> missing = named(page, CLASS);
    missing.removeAll(FOREIGN);
    missing.removeAll(MESSAGES);
    missing.removeAll(sources());
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyFileThatAPageNamesExists(Path page) throws IOException {
    assertThat(named(page, FILE)).allMatch(file -> Files.exists(TOP.resolve(file)));
    assertThat(named(page, LINK)).allMatch(link -> Files.exists(page.resolveSibling(link)));
    assertThat(named(page, LIBRARY))
        .allMatch(lib -> Files.exists(TOP.resolve("rr-plugins/" + lib + "/pom.xml")));
  }

  @Test
  void theArchitectureNamesClassesAndLibraries() throws IOException {
    Path page = TOP.resolve("docs/architecture.md");
    assertThat(named(page, CLASS)).hasSizeGreaterThan(20);
    assertThat(named(page, LIBRARY)).hasSizeGreaterThan(10);
  }

  private static List<String> named(Path page, Pattern pattern) throws IOException {
    return new ArrayList<>(
        pattern
            .matcher(Files.readString(page))
            .results()
            .map((MatchResult m) -> m.group(1))
            .distinct()
            .toList());
  }

  /** Simple names of the types that have a file of their own, in tests as well. */
  private static Set<String> sources() throws IOException {
    Set<String> names = new HashSet<>();
    Files.walkFileTree(
        TOP,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean leave = name.equals("target") || name.equals(".git");
            return leave ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
              names.add(name.substring(0, name.length() - ".java".length()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return names;
  }
}
