package dev.rr.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps docs/architecture.md true. */
class ArchitectureTest {
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
  private static final Pattern LIBRARY = Pattern.compile("`(lib/[a-z]+)`");
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  @Test
  void everyClassThatThePageNamesExists() throws IOException {
    List<String> named = named(CLASS);
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(sources()).containsAll(named);
  }

  @Test
  void everyLibraryThatThePageNamesExists() throws IOException {
    List<String> named = named(LIBRARY);
    assertThat(named).isNotEmpty();
    assertThat(named).allMatch(lib -> Files.exists(TOP.resolve("rr-plugins/" + lib + "/pom.xml")));
  }

  private static List<String> named(Pattern pattern) throws IOException {
    String page = Files.readString(TOP.resolve("docs/architecture.md"));
    return pattern.matcher(page).results().map((MatchResult m) -> m.group(1)).distinct().toList();
  }

  /** Simple names of the types that have a file of their own outside of tests. */
  private static Set<String> sources() throws IOException {
    Set<String> names = new HashSet<>();
    Files.walkFileTree(
        TOP,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean leave = name.equals("target") || name.equals(".git") || name.equals("test");
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
