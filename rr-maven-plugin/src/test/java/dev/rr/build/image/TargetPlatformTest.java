package dev.rr.build.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetPlatformTest {
  @TempDir Path folder;

  private List<TargetPlatform> parse(String platforms, String jdks) throws BuildException {
    return TargetPlatform.parse(platforms, jdks, folder, "linux/amd64");
  }

  private Path jdk(String name, String os, String architecture) throws Exception {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("release"),
        "JAVA_VERSION=\"25\"\nOS_ARCH=\"%s\"\nOS_NAME=\"%s\"\n".formatted(architecture, os));
    return home;
  }

  @Test
  void withoutAWordItIsLinuxOnThisMachinesProcessor() throws Exception {
    assertThat(parse(" ", "")).containsExactly(new TargetPlatform("linux/amd64", Optional.empty()));
    assertThatThrownBy(() -> TargetPlatform.parse("", "", folder, "mac os x/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            "rr.platform: an image for linux/arm64 needs an unpacked JDK 25 of it:"
                + " -Drr.runtimeJdk=FOLDER");
  }

  @Test
  void aSinglePlatformTakesAFolderOfAnyName() throws Exception {
    Path jdk = jdk("jdk,25=arm", "Linux", "aarch64");
    List<TargetPlatform> arm = List.of(new TargetPlatform("linux/arm64", Optional.of(jdk)));
    assertThat(parse("linux/arm64", "jdk,25=arm")).isEqualTo(arm);
    assertThat(parse("linux/arm64", "linux/arm64=" + jdk("b", "Linux", "aarch64"))).hasSize(1);
  }

  @Test
  void severalAreSortedAndEachHasItsOwn() throws Exception {
    Path arm = jdk("arm", "Linux", "aarch64");
    Path ibm = jdk("ibm", "Linux", "s390x");
    assertThat(
            parse(
                "linux/s390x, linux/arm64,linux/amd64,linux/arm64",
                "linux/s390x=ibm , linux/arm64=" + arm))
        .containsExactly(
            new TargetPlatform("linux/amd64", Optional.empty()),
            new TargetPlatform("linux/arm64", Optional.of(arm)),
            new TargetPlatform("linux/s390x", Optional.of(ibm)));
  }

  @Test
  void whatIsNoPlatformIsToldWithWhatIsOne() {
    assertThatThrownBy(() -> parse("arm64,linux/arm/v7,linux/amd64", "jdk"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            """
            2 problems:
            - rr.platform: "arm64" is no platform; such are linux/amd64 and linux/arm64
            - rr.platform: "linux/arm/v7" is no platform; such are linux/amd64 and linux/arm64\
            """);
  }

  @Test
  void allThatIsWrongWithTheJdksIsToldAtOnce() throws Exception {
    jdk("x86", "Linux", "x86_64");
    assertThatThrownBy(() ->
            parse(
                "linux/amd64,linux/arm64,linux/s390x",
                "jdk,linux/arm64=x86,linux/arm64=other,linux/arm=jdk"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            """
            5 problems:
            - rr.runtimeJdk: "jdk" says no platform; where there are several it is PLATFORM=FOLDER, of linux/amd64, linux/arm64, linux/s390x
            - rr.runtimeJdk: %s is a JDK for linux/amd64, not for linux/arm64
            - rr.runtimeJdk: linux/arm64 has two JDKs; one is enough
            - rr.runtimeJdk: linux/arm is none of rr.platform's linux/amd64, linux/arm64, linux/s390x
            - rr.platform: an image for linux/s390x needs an unpacked JDK 25 of it: -Drr.runtimeJdk=linux/s390x=FOLDER\
            """
                .formatted(folder.resolve("x86")));
  }
}
