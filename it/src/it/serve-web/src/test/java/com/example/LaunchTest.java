package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one file, started in each of the ways that people start it. */
class LaunchTest {
  private static final String RR = Web.RR.toString();
  // Maven's own Java: 17 on a stock Debian, and no reason to fail where it is 25.
  private static final String MAVENS_JAVA = System.getProperty("rr.it.mavens.java");
  private static final String JAVA_25 = System.getProperty("java.home") + "/bin/java";

  @TempDir Path folder;

  @Test
  void runsAsAnExecutable() {
    assertVersion(RR, "--version");
  }

  @Test
  void runsUnderSh() {
    assertVersion("sh", RR, "--version");
  }

  @Test
  void runsUnderBash() {
    assertVersion("bash", RR, "--version");
  }

  @Test
  void runsAsAJar() {
    assertVersion(JAVA_25, "-jar", RR, "--version");
  }

  @Test
  void runsAsAJarOnMavensJavaByFindingAJdk25() {
    assertVersion(MAVENS_JAVA, "-jar", RR, "--version");
  }

  @Test
  void servesAsAJarOnMavensJava() throws Exception {
    Web web = Web.in(folder);
    ShellCommand command =
        ShellCommand.in(folder, MAVENS_JAVA, "-jar", RR, "serve", "-c", ".rr.yaml");
    try (RrServer server = RrServer.start(command, web.port())) {
      assertThat(server.get("/").body()).startsWith("Hello from PHP ");
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  @Test
  void aWrongRrJavaIsAnErrorThatNamesIt() {
    ShellCommand.Result got =
        ShellCommand.in(folder, RR, "--version").with("RR_JAVA", "/nowhere/java").run();
    assertThat(got.exit()).isEqualTo(1);
    assertThat(got.err()).contains("RR_JAVA").contains("/nowhere/java");
  }

  @Test
  void anAotCacheIsMadeAndPrintsNothingWhenUsed() throws Exception {
    Web web = Web.in(folder);
    ShellCommand.Result made = web.rr("aot", "-c", ".rr.yaml").run();
    assertThat(made.exit()).as(made.text()).isZero();
    assertVersion(RR, "--version");
    try (RrServer server = web.serve()) {
      assertThat(server.get("/").statusCode()).isEqualTo(200);
      assertThat(server.log()).doesNotContain("[aot]").doesNotContain("[cds]");
    }
  }

  private void assertVersion(String... line) {
    ShellCommand.Result got = ShellCommand.in(folder, line).run();
    assertThat(got.exit()).as(got.text()).isZero();
    assertThat(got.out())
        .matches("rr version \\S+ \\(build time: [^,]+, [^)]+\\), OS: linux, arch: \\S+\\R");
  }
}
