package dev.rr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdksTest {
  @TempDir Path folder;

  private File jdk(String version) throws IOException {
    Path home = folder.resolve(version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("bin/java"), "");
    assertThat(home.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "X=1\nJAVA_VERSION=\"" + version + "\"\n");
    return home.toFile();
  }

  @Test
  void versionsOfEveryStyleAreRead() {
    assertThat(Jdks.major("1.8")).isEqualTo(8);
    assertThat(Jdks.major("25.0.3")).isEqualTo(25);
    assertThat(Jdks.major("25-ea")).isEqualTo(25);
    assertThat(Jdks.major("")).isZero();
    assertThat(Jdks.major("x")).isZero();
  }

  @Test
  void anOldOneIsPassedOver() throws IOException {
    File good = jdk("25.0.1");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            jdk("17.0.1").getPath(),
            "PATH",
            jdk("21").getPath() + "/bin" + File.pathSeparator + good + "/bin");
    assertThat(new Jdks(environment).find()).isEqualTo(good);
  }

  @Test
  void aChosenOneIsTheOnlyCandidate() throws IOException {
    File old = jdk("17.0.1");
    Jdks jdks = new Jdks(Map.of("RR_JAVA", old.getPath(), "JAVA_HOME", jdk("25").getPath()));
    assertThat(jdks.find()).isNull();
    assertThat(jdks.complaint()).isEqualTo("rr: RR_JAVA=" + old + " is not a Java 25 or newer");
  }

  @Test
  void aChosenProgramStandsForItsHome() throws IOException {
    File good = jdk("25.0.1");
    assertThat(new Jdks(Map.of("RR_JAVA", good + "/bin/java")).find())
        .isEqualTo(good.getCanonicalFile());
  }
}
