package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningServerTest {
  private static final List<Path> CLASS_PATH = List.of(Path.of("component"), Path.of("a.jar"));

  @Test
  void theUsersOptionsComeLastBeforeTheClassPath() {
    assertThat(RunningServer.options(List.of("-Xjvm"), CLASS_PATH, " -Xmx64m  -ea "))
        .contains("-XX:+UseSerialGC", "-Xjvm")
        .endsWith("-Xmx64m", "-ea", "-cp", "component" + File.pathSeparator + "a.jar");
  }

  @Test
  void theUsersCollectorIsTheOnlyOne() {
    assertThat(RunningServer.options(List.of(), CLASS_PATH, "-XX:+UseG1GC"))
        .contains("-XX:+UseG1GC")
        .doesNotContain("-XX:+UseSerialGC");
    assertThat(RunningServer.options(List.of(), CLASS_PATH, "")).contains("-XX:+UseSerialGC");
  }
}
