package dev.rr.build.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaRuntimeTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @Test
  void anotherSystemsJdkNeedsItsModules() throws Exception {
    Path other = Files.createDirectories(folder.resolve("jdk"));
    Path file = Files.createFile(folder.resolve("rr"));
    assertThatThrownBy(() ->
            new JavaRuntime(JDK, Optional.of(other), true)
                .make(file, List.of(), folder.resolve("out")))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("rr.runtimeJdk is " + other)
        .hasMessageContaining("jmods");
  }

  @Test
  void modulesThatTheJdkHasNotAreToldWithTheNearest() throws Exception {
    Path file = Files.createFile(folder.resolve("rr"));
    assertThatThrownBy(() ->
            new JavaRuntime(JDK, Optional.empty(), true)
                .make(file, List.of("java.rmj", "java.sql", "my.own.one"), folder.resolve("out")))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("rr.modules: java.rmj is no module of the JDK in " + JDK)
        .hasMessageContaining("did you mean java.rmi")
        .hasMessageContaining("rr.modules: my.own.one is no module")
        .hasMessageNotContaining("java.sql is");
  }

  @Test
  void aFolderThatIsNoRuntimeIsNotDeletedForOne() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src"));
    JavaRuntime.requireReplaceable("rr.runtime", sources);
    Path file = Files.createFile(sources.resolve("worker.php"));
    for (Path there : List.of(sources, file)) {
      assertThatThrownBy(() -> JavaRuntime.requireReplaceable("rr.runtime", there))
          .isInstanceOf(BuildException.class)
          .hasMessageStartingWith("rr.runtime: " + there + " is there and is nothing that");
    }
    Files.createFile(Files.createDirectory(sources.resolve("lib")).resolve("rr"));
    Files.createFile(Files.createDirectory(sources.resolve("java")).resolve("release"));
    JavaRuntime.requireReplaceable("rr.runtime", sources);
    JavaRuntime.requireReplaceable("rr.runtime", folder.resolve("absent"));
  }

  @Test
  void modulesAreTheLastLineThatJdepsPrints() throws Exception {
    assertThat(JavaRuntime.modules("Warning: split package\njava.base,jdk.net\n"))
        .containsExactly("java.base", "jdk.net");
    assertThatThrownBy(() -> JavaRuntime.modules("Error: no\n"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("Error: no");
  }
}
