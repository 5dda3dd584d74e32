package dev.rr.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the samples for systemd, Docker and Kubernetes in step with the server's own times. */
final class DeploySampleTest {
  private static final Path FOLDER = Path.of("../docs/sample/deploy");

  /** The default of {@code endure.grace_period}. */
  private static final int GRACE_SECONDS = 30;

  private static String first(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult r) -> r.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(pattern));
  }

  private static int number(String text, String pattern) {
    return Integer.parseInt(first(text, pattern));
  }

  private static String version() throws IOException {
    return first(
        Files.readString(Path.of("../pom.xml")), "(?s)rr-parent</artifactId>\\s*<version>([^<]+)");
  }

  @Test
  void theUnitGivesTheServerTimeAndItsWorkersToIt() throws IOException {
    String unit = Files.readString(FOLDER.resolve("rr.service"));
    assertThat(unit)
        .contains("\nType=notify\n", "\nNotifyAccess=all\n", "\nKillMode=mixed\n")
        .contains("\nExecStart=/srv/app/rr serve\n", "\nExecReload=/srv/app/rr reset\n");
    assertThat(number(unit, "TimeoutStopSec=(\\d+)")).isGreaterThan(GRACE_SECONDS);
  }

  @Test
  void theImageStartsTheServerAsItsFirstProcess() throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve("Dockerfile"));
    assertThat(lines).contains("ENTRYPOINT [\"./rr\"]", "CMD [\"serve\"]", "USER www-data");
  }

  @Test
  void theImageThatBuildsItsServerRunsWhatItBuilt() throws IOException {
    String text = Files.readString(FOLDER.resolve("build.Dockerfile"));
    String runtime = first(text, "-Drr.runtime=(\\S+)");
    assertThat(text)
        .contains("COPY --from=build " + runtime + " /opt/rr\n", "ENTRYPOINT [\"/opt/rr/rr\"]")
        .contains("rr-maven-plugin:" + version() + ":");
  }

  @Test
  void theManifestAsksTheStatusPluginAndWaitsForTheEnd() throws IOException {
    String manifest = Files.readString(FOLDER.resolve("kubernetes.yaml"));
    assertThat(manifest)
        .contains("path: \"/ready?plugin=http\", port: status")
        .contains("path: \"/health?plugin=http\", port: status");
    int before = number(manifest, "\"sleep\", \"(\\d+)\"");
    assertThat(number(manifest, "terminationGracePeriodSeconds: (\\d+)"))
        .isGreaterThan(before + GRACE_SECONDS);
  }
}
