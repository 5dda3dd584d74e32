package dev.rr.build.assemble;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Samples;
import dev.rr.build.lock.Lock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltFileTest {
  private static final String KEY = "rr-build.yaml:3: output";

  @TempDir Path folder;

  @Test
  void whatNoBuildHasMadeIsNotReplaced() throws Exception {
    Path pom = Files.writeString(folder.resolve("pom.xml"), "<project/>");
    Path jar = Samples.jar(folder.resolve("a.jar"), Map.of("META-INF/rr/plugin/a.json", "{}"));
    for (Path file : new Path[] {pom, jar, Path.of("/dev/null")}) {
      assertThatThrownBy(() -> BuiltFile.requireReplaceable(KEY, file))
          .isInstanceOf(BuildException.class)
          .hasMessage(
              "%s: %s is there and is no file that rr:build made, which is all that it replaces; name another, or delete it"
                  .formatted(KEY, file));
    }
    assertThatThrownBy(() -> BuiltFile.requireReplaceable(KEY, folder))
        .hasMessage(KEY + ": " + folder + " is a folder; name the file");
  }

  @Test
  void whatABuildMadeAndWhatIsEmptyOrAbsentIsReplaced() throws Exception {
    Path made = Samples.jar(folder.resolve("rr"), Map.of(Lock.ENTRY, "{}"));
    Path empty = Files.createFile(folder.resolve("empty"));
    for (Path file : new Path[] {made, empty, folder.resolve("absent")}) {
      assertThatCode(() -> BuiltFile.requireReplaceable(KEY, file)).doesNotThrowAnyException();
    }
  }
}
