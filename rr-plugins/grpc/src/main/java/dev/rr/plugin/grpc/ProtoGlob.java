package dev.rr.plugin.grpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds files by a pattern as upstream writes it: {@code *} and {@code ?} within a name, {@code
 * [ab]}, {@code {a,b}}, and {@code **} for folders of any depth, none among them. In each folder
 * files come before folders, both by name.
 */
final class ProtoGlob {
  private static final String ANY_DEPTH = "**";

  private final List<Path> found = new ArrayList<>();

  private ProtoGlob() {}

  /** Whether a path is a pattern. */
  static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /**
   * The files that match.
   *
   * @param folder where relative patterns begin
   * @throws IllegalArgumentException when it is no pattern; what is wrong with it
   */
  static List<Path> find(String pattern, Path folder) throws IOException {
    boolean absolute = pattern.startsWith("/");
    List<List<String>> patterns = new ArrayList<>();
    for (String one : braces(pattern)) {
      List<String> parts = new ArrayList<>(List.of(one.split("/")));
      parts.removeIf(part -> part.isEmpty() || part.equals("."));
      parts.forEach(part -> {
        Pattern unused = regex(part);
      });
      patterns.add(parts);
    }
    ProtoGlob glob = new ProtoGlob();
    glob.look(absolute ? Path.of("/") : folder, patterns);
    return glob.found;
  }

  /**
   * Looks into a folder.
   *
   * @param left what is still to be matched below it, of each pattern that got so far
   */
  private void look(Path folder, List<List<String>> left) throws IOException {
    List<Path> entries = entries(folder, left);
    for (Path entry : entries) {
      if (Files.isRegularFile(entry) && left.stream().anyMatch(l -> ends(entry, l))) {
        found.add(entry);
      }
    }
    for (Path entry : entries) {
      List<List<String>> below = left.stream().flatMap(l -> below(entry, l)).distinct().toList();
      if (!below.isEmpty() && Files.isDirectory(entry)) {
        look(entry, below);
      }
    }
  }

  /** Folders that are named are not listed: they may be too large, or only be passed through. */
  private static List<Path> entries(Path folder, List<List<String>> left) throws IOException {
    if (left.stream().allMatch(l -> !l.isEmpty() && !isPattern(l.getFirst()))) {
      return left.stream()
          .map(l -> folder.resolve(l.getFirst()))
          .distinct()
          .filter(Files::exists)
          .sorted()
          .toList();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static boolean ends(Path entry, List<String> left) {
    List<String> own = left;
    while (own.size() > 1 && own.getFirst().equals(ANY_DEPTH)) {
      own = own.subList(1, own.size());
    }
    return own.size() == 1 && (own.getFirst().equals(ANY_DEPTH) || matches(entry, own.getFirst()));
  }

  private static Stream<List<String>> below(Path entry, List<String> left) {
    if (left.isEmpty()) {
      return Stream.of();
    }
    List<String> rest = left.subList(1, left.size());
    if (!left.getFirst().equals(ANY_DEPTH)) {
      return matches(entry, left.getFirst()) ? Stream.of(rest) : Stream.of();
    }
    // Links would lead in circles.
    Stream<List<String>> deeper =
        Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? Stream.of(left) : Stream.of();
    return Stream.concat(deeper, below(entry, rest));
  }

  private static boolean matches(Path entry, String part) {
    return part.equals("..")
        ? entry.endsWith("..")
        : regex(part).matcher(String.valueOf(entry.getFileName())).matches();
  }

  private static Pattern regex(String part) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '[' -> i = characters(part, i, regex);
        case '\\' -> {
          if (++i == part.length()) {
            throw new IllegalArgumentException("a backslash has nothing behind it");
          }
          regex.append(Pattern.quote(part.substring(i, i + 1)));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Appends {@code [a-z]} or {@code [^a-z]}; the index of its end. */
  private static int characters(String part, int begin, StringBuilder regex) {
    int end = part.indexOf(']', begin + 2);
    if (end < 0) {
      throw new IllegalArgumentException("a bracket is not closed");
    }
    boolean not = "!^".indexOf(part.charAt(begin + 1)) >= 0;
    regex.append(not ? "[^" : "[");
    for (char c : part.substring(begin + (not ? 2 : 1), end).toCharArray()) {
      regex.append("[]&^\\".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
    }
    regex.append(']');
    return end;
  }

  /** Every pattern that one with braces stands for. */
  private static List<String> braces(String pattern) {
    int begin = pattern.indexOf('{');
    if (begin < 0) {
      return List.of(pattern);
    }
    int end = closing(pattern, begin);
    List<String> all = new ArrayList<>();
    for (String one : alternatives(pattern.substring(begin + 1, end))) {
      all.addAll(braces(pattern.substring(0, begin) + one + pattern.substring(end + 1)));
    }
    return all;
  }

  private static int closing(String pattern, int begin) {
    int depth = 0;
    for (int i = begin; i < pattern.length(); i++) {
      depth += pattern.charAt(i) == '{' ? 1 : pattern.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("a brace is not closed");
  }

  private static List<String> alternatives(String text) {
    List<String> all = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == ',' && depth == 0) {
        all.add(text.substring(from, i));
        from = i + 1;
      }
    }
    all.add(text.substring(from));
    return all;
  }
}
