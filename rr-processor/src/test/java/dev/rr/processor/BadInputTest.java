package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file under {@code bad} states its own errors: {@code // 9: [rr/Id] message} means an error
 * in column 9 of the nearest line above that is no such comment. {@code -Drr.goldens=update} writes
 * these comments anew.
 */
class BadInputTest {
  private static final Path BAD = Path.of("src/test/resources/bad");
  private static final Pattern STATED = Pattern.compile("\\s*// (\\d+: \\[rr/.*)");

  @TestFactory
  Stream<DynamicTest> reportsEveryMistakeAtItsPlace() {
    return Javac.sources(BAD).stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path file) throws IOException {
    List<String> source = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!STATED.matcher(line).matches()) {
        source.add(line);
      }
    }
    List<String> actual = annotated(source, Javac.compile(List.of(file)), file);
    if ("update".equals(System.getProperty("rr.goldens"))) {
      Files.write(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readAllLines(file));
    assertThat(actual).anyMatch(line -> STATED.matcher(line).matches());
  }

  /** The source with each error below its line. Line numbers count the lines of the file itself. */
  private static List<String> annotated(List<String> source, Javac.Result result, Path file)
      throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<List<String>> errors = new ArrayList<>();
    source.forEach(line -> errors.add(new ArrayList<>()));
    for (Diagnostic<? extends JavaFileObject> error : result.diagnostics()) {
      int own = (int) error.getLineNumber();
      assertThat(own).as(error.toString()).isPositive();
      int stated =
          (int) lines.subList(0, own).stream().filter(l -> STATED.matcher(l).matches()).count();
      errors
          .get(own - stated - 1)
          .add("// " + error.getColumnNumber() + ": " + error.getMessage(Locale.ROOT));
    }
    List<String> out = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      out.add(source.get(i));
      out.addAll(errors.get(i).stream().sorted().toList());
    }
    return out;
  }

  /** A message without a test could say anything. */
  @Test
  void pinsEveryId() throws IOException {
    Set<String> used = new TreeSet<>(Set.of("GeneratedName"));
    for (String feature : List.of("config", "plugin", "rpc")) {
      for (Path file : Javac.sources(Path.of("src/main/java/dev/rr/processor", feature))) {
        Matcher id =
            Pattern.compile("rror\\(\\s*\"([A-Z][A-Za-z]+)\",").matcher(Files.readString(file));
        while (id.find()) {
          used.add(id.group(1));
        }
      }
    }
    Set<String> pinned = new TreeSet<>();
    for (Path file : Javac.sources(BAD)) {
      Matcher id = Pattern.compile("// \\d+: \\[rr/(\\w+)]").matcher(Files.readString(file));
      while (id.find()) {
        pinned.add(id.group(1));
      }
    }
    assertThat(used).hasSizeGreaterThan(20);
    assertThat(pinned).containsExactlyElementsOf(used);
  }
}
