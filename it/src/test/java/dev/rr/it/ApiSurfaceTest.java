package dev.rr.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plugins of others are compiled against stands in {@code api.txt} of its module, a line for
 * each public or protected member, so that each change of it is seen and meant. {@code
 * -Drr.api.update} writes the files.
 */
class ApiSurfaceTest {
  /** Whether a type has its own does not matter. */
  private static final Set<String> OF_EVERYTHING = Set.of("equals", "hashCode", "toString");

  @Test
  void annotationsAreWhatTheirFileSays() throws Exception {
    check("rr-annotations", "dev.rr.annotation", "Plugin");
  }

  @Test
  void contractsAreWhatTheirFileSays() throws Exception {
    check("rr-plugins/lib/api", "dev.rr.api", "http.Middleware");
  }

  @Test
  void whatTestsStandOnIsWhatItsFileSays() throws Exception {
    check("rr-plugins/lib/testing", "dev.rr.testing", "worker.RecordingLog");
  }

  /**
   * @param root the package that all of the module's are in
   * @param one any class there
   */
  private static void check(String module, String root, String one) throws Exception {
    Path file = Path.of("..", module, "api.txt");
    List<String> now = surface(root, load(root + "." + one));
    if (System.getProperty("rr.api.update") != null) {
      Files.write(file, now);
    }
    List<String> said = Files.readAllLines(file);
    List<String> gone = new ArrayList<>(said);
    gone.removeAll(now);
    List<String> come = new ArrayList<>(now);
    come.removeAll(said);
    assertThat(gone.isEmpty() && come.isEmpty())
        .as(
            """
            %s/api.txt no longer says what plugins are compiled against.
            gone, which breaks those that use it:
            %s
            new, which breaks those that implement the type it is in unless it has a body:
            %s
            If that is meant: mvn -o -pl it test -Dtest=ApiSurfaceTest -Drr.api.update, and a line in CHANGELOG.md.
            """,
            module, String.join("\n", gone), String.join("\n", come))
        .isTrue();
  }

  private static List<String> surface(String root, Class<?> one) throws Exception {
    Path place = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return surface(root, place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return surface(root, jar.getPath("/"));
    }
  }

  private static List<String> surface(String root, Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      return files
          .map(file -> place.relativize(file).toString().replace('/', '.'))
          .filter(name -> name.startsWith(root + ".") && name.endsWith(".class"))
          .filter(name -> !name.endsWith("-info.class"))
          .map(name -> name.replaceFirst("[.]class$", ""))
          .map(ApiSurfaceTest::load)
          .filter(ApiSurfaceTest::visible)
          .flatMap(ApiSurfaceTest::lines)
          .sorted()
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ApiSurfaceTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean visible(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return visible(type.getModifiers())
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (outer == null || visible(outer));
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Stream<String> lines(Class<?> type) {
    Stream<Member> members =
        Stream.of(
                type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
            .flatMap(Arrays::stream);
    return Stream.concat(
        Stream.of(type.getName() + ": " + kind(type)),
        members
            .filter(member -> visible(member.getModifiers()) && !member.isSynthetic())
            .filter(member -> !OF_EVERYTHING.contains(member.getName()))
            .map(member -> type.getName() + ": " + text(type, member)));
  }

  private static String kind(Class<?> type) {
    String supers =
        Stream.concat(
                Stream.of(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
            .filter(Objects::nonNull)
            .map(Type::getTypeName)
            .sorted()
            .collect(Collectors.joining(", "));
    return type.toGenericString() + (supers.isEmpty() ? "" : " of " + supers);
  }

  /** Without what does not matter to those who use it: whether a method is synchronized, say. */
  private static String text(Class<?> type, Member member) {
    String text =
        switch (member) {
          case Method method -> method.toGenericString() + fallback(method);
          case Constructor<?> constructor -> constructor.toGenericString();
          case Field field -> field.toGenericString();
          default -> throw new IllegalStateException(member.toString());
        };
    return text.replace(type.getName() + ".", "")
        .replaceAll("\\b(synchronized|native|transient|volatile) ", "");
  }

  private static String fallback(Method method) {
    Object value = method.getDefaultValue();
    return value == null
        ? ""
        : " default " + (value instanceof String text ? "\"" + text + "\"" : value);
  }
}
