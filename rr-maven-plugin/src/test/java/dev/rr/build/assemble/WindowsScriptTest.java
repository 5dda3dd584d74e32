package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text alone: there is no Windows to run it on. */
class WindowsScriptTest {
  private final String text = WindowsScript.text("rr");

  private Set<String> all(String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyLineEndsAsWindowsHasIt() {
    assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n").isNotEmpty();
    assertThat(text).endsWith("\r\n");
  }

  @Test
  void everyPlaceThatIsGoneToIsThereAndEveryPlaceIsGoneTo() {
    Set<String> gone = all("(?:goto |call :)(\\w+)");
    gone.remove("start");
    Set<String> places = all("\\r\\n:(\\w+)");
    places.remove("start");
    assertThat(gone).isEqualTo(places).hasSize(5);
  }

  @Test
  void javaIsLookedForInThePreamblesOrderAndItsVersionAskedFor() {
    assertThat(text)
        .containsSubsequence(
            "if defined RR_JAVA goto named", "%JAVA_HOME%", "%%~$PATH:j", "needs Java 25 or newer")
        .contains("\"JAVA_VERSION\"", "if %%m GEQ 25")
        .contains("-jar \"%_rr_file%\" %*\r\nexit /b %ERRORLEVEL%");
  }

  @Test
  void theCollectorAndItsNurseryAreThePreambles() throws Exception {
    String preamble =
        Files.readString(Path.of("../rr-template/src/main/resources/META-INF/rr/preamble.sh"));
    var options = Pattern.compile("(?m)^rr_options='([^']+)'$").matcher(preamble);
    assertThat(options.find()).isTrue();
    assertThat(text).contains("set \"_rr_options=" + options.group(1) + "\"\r\n");
  }

  @Test
  void itStandsBesideTheFileWhoseNameItHas(@TempDir Path folder) throws Exception {
    Path script = WindowsScript.write(folder.resolve("shop"));
    assertThat(script).isEqualTo(folder.resolve("shop.cmd"));
    assertThat(Files.readString(script)).contains("set \"_rr_file=%~dp0shop\"\r\n");
  }
}
