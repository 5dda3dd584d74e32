package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineReaderTest {
  private static final long LONG = Duration.ofSeconds(30).toMillis();

  @TempDir Path folder;

  @Test
  void handsOverWholeLinesHoweverTheyArrive() throws Exception {
    assertThat(lines("printf 'be'; sleep 0.1; printf 'gin\\n  two \\t\\r\\n\\n \\nlast'"))
        .containsExactly("begin", "  two", "last");
  }

  @Test
  void takesStderrInItsPlaceAmongTheOthers() throws Exception {
    assertThat(lines("echo one; echo two >&2; echo three")).containsExactly("one", "two", "three");
  }

  @Test
  void cutsALineThatIsTooLong() throws Exception {
    List<String> lines = lines("head -c 150000 /dev/zero | tr '\\0' x; echo; echo next");
    assertThat(lines)
        .extracting(String::length)
        .containsExactly(LineReader.LONGEST, LineReader.LONGEST, 150_000 - 131_072, 4);
  }

  @Test
  void cutsBetweenCharacters() throws Exception {
    for (String ahead : List.of("", "x", "xx", "xxx")) {
      List<String> parts =
          lines("printf " + ahead + "_; yes '\uD83D\uDE80é' | head -n 30000 | tr -d '\\n'");
      assertThat(parts).hasSizeGreaterThan(2);
      assertThat(String.join("", parts)).isEqualTo(ahead + "_" + "\uD83D\uDE80é".repeat(30_000));
    }
  }

  private List<String> lines(String script) throws Exception {
    ProcessCommand shell =
        new ProcessCommand(
            List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), folder, Optional.empty());
    List<String> lines = new ArrayList<>();
    LineReader reader =
        LineReader.start(
            "test", ProcessStarter.prepare(shell).redirectErrorStream(true).start(), lines::add);
    reader.settle(LONG);
    return lines;
  }
}
