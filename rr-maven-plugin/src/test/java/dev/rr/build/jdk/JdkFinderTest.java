package dev.rr.build.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkFinderTest {
  @TempDir Path folder;

  private Path jdk(String name, String version) throws IOException {
    Path home = jre(name, version);
    Files.createFile(home.resolve("bin/javac")).toFile().setExecutable(true);
    return home;
  }

  private Path jre(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    Files.createFile(home.resolve("bin/java")).toFile().setExecutable(true);
    return home;
  }

  @Test
  void theFirstPlaceWithAJdk25Wins() throws Exception {
    Path first = jdk("first", "25.0.3");
    Path second = jdk("second", "25");
    Path old = jdk("old", "17.0.15");
    Path found =
        new JdkFinder()
            .at("a", List.of(folder.resolve("nowhere").toString(), old.toString()))
            .at("b", List.of(first.toString()))
            .at("c", List.of(second.toString()))
            .find();
    assertThat(found).isEqualTo(first);
  }

  @Test
  void variablesMayNameAHomeOrAProgram() throws Exception {
    Path home = jdk("home", "25.0.1");
    String program = home.resolve("bin/java").toString();
    assertThat(new JdkFinder().variables(Map.of("RR_JAVA", program)).find()).isEqualTo(home);
    assertThat(new JdkFinder().variables(Map.of("JAVA_HOME", home.toString())).find())
        .isEqualTo(home);
    String path = folder + ":" + home.resolve("bin");
    assertThat(new JdkFinder().variables(Map.of("PATH", path)).find()).isEqualTo(home);
  }

  @Test
  void variablesAreLookedAtInTheirOrder() throws Exception {
    Path ours = jdk("ours", "25");
    Path theirs = jdk("theirs", "25");
    Map<String, String> both =
        Map.of("JAVA_HOME", theirs.toString(), "JAVA25_HOME", ours.toString());
    assertThat(new JdkFinder().variables(both).find()).isEqualTo(ours);
  }

  @Test
  void aProgramIsFollowedThroughItsLink() throws Exception {
    Path home = jdk("home", "25");
    Path link = Files.createSymbolicLink(folder.resolve("java"), home.resolve("bin/java"));
    assertThat(new JdkFinder().at("link", List.of(link.toString())).find())
        .isEqualTo(home.toRealPath());
  }

  @Test
  void whatWasThereIsTold() throws Exception {
    Path old = jdk("old", "17.0.15");
    Path jre = jre("jre", "25.0.3");
    JdkFinder finder =
        new JdkFinder()
            .at("toolchains.xml", List.of())
            .variables(Map.of("JAVA25_HOME", "/no/such", "JAVA_HOME", old.toString()))
            .at("the rest", List.of(jre.toString()));
    assertThatThrownBy(finder::find)
        .hasMessage(
            "No JDK 25 was found. Looked at toolchains.xml, JAVA25_HOME (/no/such: not there),"
                + " RR_JAVA, JAVA_HOME ("
                + old
                + ": Java 17.0.15), PATH, the rest ("
                + jre
                + ": Java 25.0.3 without javac). Unpack one under /opt, or name it:"
                + " -Drr.jdk=<folder>");
  }

  @Test
  void theJdkThatWasAskedForIsUsedOrAnError() throws Exception {
    Path home = jdk("home", "25.0.3");
    Path old = jdk("old", "21.0.2");
    assertThat(JdkFinder.explicit("rr.jdk", home.toString())).contains(home);
    assertThat(JdkFinder.explicit("rr.jdk", "")).isEmpty();
    assertThatThrownBy(() -> JdkFinder.explicit("rr.jdk", old.toString()))
        .hasMessage("rr.jdk is " + old + ", which is Java 21.0.2; a JDK 25 is needed");
    assertThatThrownBy(() -> JdkFinder.explicit("rr.jdk", "/nowhere/at/all"))
        .hasMessage("rr.jdk is /nowhere/at/all, which is not there; a JDK 25 is needed");
  }
}
