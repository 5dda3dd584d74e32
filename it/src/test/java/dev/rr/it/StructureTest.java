package dev.rr.it;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rules over all modules at once, read from the classes that the compiler wrote. Here because this
 * module is built last.
 */
class StructureTest {
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final PathMatcher MODULES =
      FileSystems.getDefault().getPathMatcher("glob:{*,rr-plugins/*,rr-plugins/lib/*}");

  /** A class of ours where a constant names it: alone, in a descriptor or in a signature. */
  private static final Pattern OURS = Pattern.compile("dev/rr/[\\w/$]+");

  /** Names that two classes have: each is what its field calls it, and they never meet. */
  private static final Set<String> ON_PURPOSE = Set.of("Launcher");

  /**
   * A compiled class.
   *
   * @param name with dots, {@code $} before nested ones
   * @param module the folder it was compiled in
   * @param constants every text in its constant pool
   */
  private record Compiled(String name, Path module, List<String> constants) {
    String packageName() {
      return name.substring(0, name.lastIndexOf('.'));
    }

    String simpleName() {
      return name.substring(name.lastIndexOf('.') + 1);
    }

    boolean topLevel() {
      return !name.contains("$") && !simpleName().equals("package-info");
    }

    Stream<String> used() {
      return constants.stream()
          .flatMap(c -> OURS.matcher(c).results())
          .map(r -> r.group().replace('/', '.'));
    }
  }

  private static final Map<String, Compiled> classes = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (Path module : modules()) {
      try (Stream<Path> files = Files.walk(module.resolve("target/classes"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          Compiled compiled = parse(module, file);
          classes.put(compiled.name(), compiled);
        }
      }
    }
    assertThat(classes).hasSizeGreaterThan(500);
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.walk(TOP, 3)) {
      return folders
          .filter(f -> MODULES.matches(TOP.relativize(f)))
          .filter(f -> Files.isDirectory(f.resolve("target/classes")))
          .toList();
    }
  }

  private static Compiled parse(Path module, Path file) throws IOException {
    ClassModel model = ClassFile.of().parse(file);
    List<String> constants = new ArrayList<>();
    model
        .constantPool()
        .forEach(entry -> {
          if (entry instanceof Utf8Entry text) {
            constants.add(text.stringValue());
          }
        });
    return new Compiled(
        model.thisClass().asInternalName().replace('/', '.'), TOP.relativize(module), constants);
  }

  @Test
  void packagesUseEachOtherInOneDirection() {
    Map<String, Set<String>> uses = new TreeMap<>();
    each((from, to) ->
        uses.computeIfAbsent(from.packageName(), p -> new TreeSet<>()).add(to.packageName()));
    List<String> circular = new ArrayList<>();
    each((from, to) -> {
      if (reaches(uses, to.packageName(), from.packageName())) {
        circular.add(from.name() + " uses " + to.name());
      }
    });
    assertThat(circular)
        .as("uses between packages that also use each other the other way")
        .isEmpty();
  }

  private interface Use {
    void found(Compiled from, Compiled to);
  }

  /** Every use of a class by one of another package. */
  private static void each(Use use) {
    for (Compiled from : classes.values()) {
      from.used()
          .distinct()
          .map(classes::get)
          .filter(to -> to != null && !to.packageName().equals(from.packageName()))
          .forEach(to -> use.found(from, to));
    }
  }

  private static boolean reaches(Map<String, Set<String>> uses, String start, String end) {
    Set<String> seen = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(start));
    while (!next.isEmpty()) {
      String at = next.pop();
      if (at.equals(end)) {
        return true;
      }
      if (seen.add(at)) {
        next.addAll(uses.getOrDefault(at, Set.of()));
      }
    }
    return false;
  }

  @Test
  void aPackageIsInOneModule() {
    Map<String, Set<Path>> modules =
        classes.values().stream()
            .collect(
                groupingBy(
                    Compiled::packageName,
                    TreeMap::new,
                    mapping(Compiled::module, toCollection(TreeSet::new))));
    modules.values().removeIf(m -> m.size() == 1);
    assertThat(modules).isEmpty();
  }

  /** What assembles a server can then be called from something else than Maven. */
  @Test
  void theCoreOfTheMavenPluginKnowsNoMaven() {
    assertThat(classes.values())
        .filteredOn(c -> c.packageName().startsWith("dev.rr.build"))
        // Finds artifacts with Maven's resolver, which is a library of its own.
        .filteredOn(c -> !c.packageName().equals("dev.rr.build.resolve"))
        .hasSizeGreaterThan(100)
        .allSatisfy(core ->
            assertThat(core.constants())
                .as(core.name())
                .noneMatch(c ->
                    c.contains("org/apache/maven/")
                        || c.contains("org/eclipse/aether/")
                        || c.contains("javax/inject/")
                        || c.contains("dev/rr/maven/")));
  }

  /**
   * Who reads a stack trace, a search or a review sees a simple name alone. Nested types are not
   * counted: all of these show them behind the type that they stand in, as {@code Tracer$Kind}.
   */
  @Test
  void aSimpleNameIsGivenOnce() {
    Map<String, Set<String>> named =
        classes.values().stream()
            .filter(Compiled::topLevel)
            .collect(
                groupingBy(
                    Compiled::simpleName,
                    TreeMap::new,
                    mapping(Compiled::name, toCollection(TreeSet::new))));
    named.values().removeIf(n -> n.size() == 1);
    named.keySet().removeAll(ON_PURPOSE);
    assertThat(named).isEmpty();
  }
}
