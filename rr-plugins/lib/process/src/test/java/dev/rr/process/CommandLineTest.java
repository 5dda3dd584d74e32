package dev.rr.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.StringOrList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineTest {
  @Test
  void splitsATextAtBlanks() {
    assertThat(split("php foo bar")).containsExactly("php", "foo", "bar");
    assertThat(split("  php \t foo  ")).containsExactly("php", "foo");
    assertThat(split("php -d a=1,2 w.php")).containsExactly("php", "-d", "a=1,2", "w.php");
  }

  @Test
  void keepsWhatIsQuoted() {
    assertThat(split("php '/my dir/w.php' \"a b\" c\\ d ''"))
        .containsExactly("php", "/my dir/w.php", "a b", "c d", "");
    assertThat(split("php -d\"x=\\\"1\\\" \\n\" 'it\\s'"))
        .containsExactly("php", "-dx=\"1\" \\n", "it\\s");
  }

  @Test
  void takesAListAsItIs() {
    List<String> list = List.of("/Application Support/folder/php", "foo/bar");
    assertThat(CommandLine.split(new StringOrList(list, true), w -> false)).isEqualTo(list);
    assertThat(CommandLine.split(new StringOrList(List.of("php w.php"), true), w -> false))
        .containsExactly("php", "w.php");
  }

  @Test
  void splitsAtCommasWhereTheFirstWordHasOneAndIsNoProgram() {
    assertThat(split("/usr/bin/php,/my app's/vendor/bin/worker"))
        .containsExactly("/usr/bin/php", "/my app's/vendor/bin/worker");
    assertThat(split("php, -d, a=1 ,worker.php,"))
        .containsExactly("php", "-d", "a=1", "worker.php");
    assertThat(CommandLine.split(new StringOrList(List.of("php,w.php"), true), w -> false))
        .containsExactly("php", "w.php");
  }

  @Test
  void leavesAProgramWhoseNameHasACommaAlone() {
    assertThat(CommandLine.split(StringOrList.of("./php,8 w.php"), "./php,8"::equals))
        .containsExactly("./php,8", "w.php");
    assertThat(split("'./php,8' w.php")).containsExactly("./php,8", "w.php");
  }

  @Test
  void refusesAQuoteThatIsNotClosed() {
    assertThatThrownBy(() -> split("php 'w.php"))
        .hasMessageContaining("character 5")
        .hasMessageContaining("is not closed");
    assertThatThrownBy(() -> split("php \"w.php")).hasMessageContaining("is not closed");
  }

  private static List<String> split(String text) {
    return CommandLine.split(StringOrList.of(text), w -> false);
  }
}
