package dev.rr.build.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import dev.rr.build.Samples.FakeResolver;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.archive.Hash;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
  private static final Versions VERSIONS = new Versions("0.1", "2.57");

  @TempDir Path folder;
  private Selection selection;

  @BeforeEach
  void select() throws Exception {
    FakeResolver resolver =
        new FakeResolver(folder).knows(Samples.config(), Samples.logger(), Samples.server());
    selection =
        new Selector(resolver, Optional.empty(), VERSIONS)
            .select(List.of("config", "logger", "server"), false);
  }

  private Lock lock(Versions versions) throws Exception {
    return Lock.of(selection, Optional.empty(), "1.2.3", versions);
  }

  private Map<String, Path> files() {
    Map<String, Path> files = new TreeMap<>();
    selection.inputs().forEach(i -> files.put(i.coordinates().toString(), i.file()));
    return files;
  }

  private Input input(String id) {
    return selection.inputs().stream()
        .filter(i -> i.coordinates().artifact().contains(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsWrittenIsReadAndTheSameSelectionHasNoDifference() throws Exception {
    Path pom = Files.writeString(folder.resolve("a.pom"), "<project/>");
    Lock whole =
        lock(VERSIONS).with(Map.of(input("server").coordinates().toString(), pom), "25.0.3", "abc");
    Path file = Files.writeString(folder.resolve("rr.lock"), whole.toJson());
    assertThat(Lock.read(file)).isEqualTo(whole);
    assertThat(whole.toJson()).contains(Hash.of(pom), "\"jdk\": \"25.0.3\"");
    assertThat(Lock.read(file).differences(lock(VERSIONS), files(), artifact -> Set.of()))
        .isEmpty();
  }

  @Test
  void aChangedByteOfAJarNamesThePluginTheFileAndBothHashes() throws Exception {
    Lock before = lock(VERSIONS);
    Input server = input("server");
    String was = Hash.of(server);
    byte[] jar = Files.readAllBytes(server.file());
    jar[jar.length / 2] ^= 1;
    Files.write(server.file(), jar);
    assertThat(before.differences(lock(VERSIONS), files(), artifact -> Set.of()))
        .containsExactly(
            "%s (plugin server): its sha256 is %s, locked is %s, in %s"
                .formatted(server.coordinates(), Hash.of(server), was, server.file()));
  }

  @Test
  void aChangedByteOfALibraryNamesThePluginsThatBringIt() throws Exception {
    Lock now = lock(VERSIONS);
    String name = "io.netty:netty-codec:4.2";
    Lock before =
        new Lock(
            now.format(),
            now.version(),
            now.rr(),
            now.dagger(),
            now.plugins(),
            List.of(new Lock.LockedArtifact(name, "was", null)),
            now.graph(),
            null,
            null,
            null);
    Lock after =
        new Lock(
            now.format(),
            now.version(),
            now.rr(),
            now.dagger(),
            now.plugins(),
            List.of(new Lock.LockedArtifact(name, "is", null)),
            now.graph(),
            null,
            null,
            null);
    String server = input("server").coordinates().toString();
    assertThat(
            before.differences(
                after, Map.of(name, Path.of("netty.jar")), artifact -> Set.of(server)))
        .containsExactly(
            name + " (of plugin server): its sha256 is is, locked is was, in netty.jar");
  }

  @Test
  void anotherApplicationIsNamed() throws Exception {
    Path app = Files.createDirectories(folder.resolve("app"));
    Files.writeString(app.resolve("a.php"), "a");
    Application application = Application.of("rr.embed", app, List.of());
    Lock with = Lock.of(selection, Optional.of(application), "1.2.3", VERSIONS);
    assertThat(lock(VERSIONS).differences(with, files(), artifact -> Set.of()))
        .containsExactly(
            "the application is "
                + application.hash()
                + " (1 files), locked is none; mvn rr:lock -Drr.embed=FOLDER takes it over when it"
                + " is meant");
  }

  @Test
  void aChangedPomIsNamed() throws Exception {
    String name = input("server").coordinates().toString();
    Path one = Files.writeString(folder.resolve("1.pom"), "<project/>");
    Path other = Files.writeString(folder.resolve("2.pom"), "<project> </project>");
    Lock before = lock(VERSIONS).with(Map.of(name, one), "25", "");
    assertThat(
            before.differences(
                lock(VERSIONS).with(Map.of(name, other), "25", ""), files(), artifact -> Set.of()))
        .containsExactly(
            "%s (plugin server): its pom sha256 is %s, locked is %s"
                .formatted(name, Hash.of(other), Hash.of(one)));
  }

  @Test
  void whatIsNewOrGoneOrMadeByAnotherToolIsNamed() throws Exception {
    Lock before = lock(VERSIONS);
    FakeResolver resolver =
        new FakeResolver(folder).knows(Samples.config(), Samples.logger(), Samples.gzip());
    selection =
        new Selector(resolver, Optional.empty(), VERSIONS)
            .select(List.of("config", "logger", "gzip"), false);
    assertThat(before.differences(lock(new Versions("0.2", "2.57")), files(), artifact -> Set.of()))
        .anyMatch(text ->
            text.equals("rr is 0.2, locked is 0.1; mvn rr:lock takes it over when it is meant"))
        .anyMatch(text -> text.matches(".*gzip.* \\(plugin gzip\\) is not in the lock; .*"))
        .anyMatch(text -> text.matches(".*server.* is in the lock, but not in the selection; .*"));
  }

  @Test
  void anotherFileIsToldWithTheJdkThatMayBeTheReason() throws Exception {
    Lock lock = lock(VERSIONS).with(Map.of(), "25.0.3", "abc");
    assertThat(lock.outputDifference("abc", "25.0.4")).isEmpty();
    assertThat(lock.outputDifference("abd", "25.0.3"))
        .contains("the file made now has the sha256 abd, locked is abc");
    assertThat(lock.outputDifference("abd", "25.0.4").orElseThrow())
        .endsWith(", perhaps as the JDK is 25.0.4, locked is 25.0.3");
  }

  @Test
  void whatIsNoLockIsSaidToBeNone() throws Exception {
    Path file = Files.writeString(folder.resolve("rr.lock"), "nonsense");
    assertThatThrownBy(() -> Lock.read(file)).hasMessageContaining("cannot be read");
    Files.writeString(file, "{\"format\": 9}");
    assertThatThrownBy(() -> Lock.read(file)).hasMessageContaining("is of format 9");
  }

  /** Which makes other keys, other values and no JSON. */
  @Test
  void aChangedByteOfTheLockIsAnErrorWhereverItIs() throws Exception {
    Path pom = Files.writeString(folder.resolve("a.pom"), "<project/>");
    Map<String, Path> poms = Map.of(input("server").coordinates().toString(), pom);
    Lock now = lock(VERSIONS).with(poms, "25.0.3", "abc");
    byte[] whole = now.toJson().getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("rr.lock");
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThat(whatIsWrong(file, now))
          .as("byte %d of %s", at, new String(changed, StandardCharsets.UTF_8))
          .isNotEmpty();
    }
  }

  private List<String> whatIsWrong(Path file, Lock now) throws Exception {
    try {
      Lock read = Lock.read(file);
      List<String> found = new ArrayList<>(read.differences(now, files(), artifact -> Set.of()));
      read.outputDifference("abc", "25.0.3").ifPresent(found::add);
      // Told by who builds, not compared.
      boolean free =
          !read.version().equals(now.version()) || !Objects.equals(read.jdk(), now.jdk());
      return free || read.equals(now) ? List.of("the same") : found;
    } catch (BuildException e) {
      return e.problems();
    }
  }

  @Test
  void aLockThatLacksALineOrHasOneTwiceIsAnError() throws Exception {
    Lock now = lock(VERSIONS).with(Map.of(), "25.0.3", "abc");
    for (String line :
        List.of("\"rr\": .*\n", "\"sha256\": .*\n", "\"output\": .*\n", "\"graph\": .*\n")) {
      Path file =
          Files.writeString(
              folder.resolve("rr.lock"), now.toJson().replaceAll("(?m),?\\s*" + line, "\n"));
      assertThatThrownBy(() -> Lock.read(file))
          .isInstanceOf(BuildException.class)
          .hasMessageContaining("rr.lock");
    }
    Path twice =
        Files.writeString(
            folder.resolve("rr.lock"),
            now.toJson().replaceFirst("(?s)(\"artifacts\": \\[)(.*?\\},?)", "$1$2$2"));
    assertThatThrownBy(() -> Lock.read(twice)).isInstanceOf(BuildException.class);
  }
}
