package dev.rr.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preamble and the launcher, as a user meets them: one file, started in every way there is. */
final class PackedFileTest {
  private static final Map<String, String> JAVA =
      Map.of("RR_JAVA", System.getProperty("java.home"));

  @TempDir static Path folder;

  @BeforeAll
  static void pack() throws IOException {
    PackedFile.write(folder.resolve("rr"), "0123456789abcdef");
    Files.writeString(folder.resolve(".rr.yaml"), "version: \"3\"\n");
  }

  private static Run run(Map<String, String> environment, String... command) throws Exception {
    Run run = Run.start(folder, environment, command);
    run.code();
    return run;
  }

  private static Map<String, String> with(String... pairs) {
    Map<String, String> all = new java.util.HashMap<>(JAVA);
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"./rr", "sh rr", "dash rr", "bash rr", "sh ./rr"})
  void startsByItselfAndByEveryShell(String way) throws Exception {
    List<String> command = new ArrayList<>(Arrays.asList(way.split(" ")));
    command.add("--version");
    try (Run run = run(JAVA, command.toArray(String[]::new))) {
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .startsWith(
              "rr version 2025.1.15 (build time: development, lock: 0123456789ab, version: 1.2.3,"
                  + " ");
      assertThat(run.code()).isZero();
    }
  }

  @Test
  void startsAsAJar() throws Exception {
    String java = System.getProperty("java.home") + "/bin/java";
    try (Run run = run(Map.of(), java, "-jar", "rr", "--version")) {
      assertThat(run.out()).startsWith("rr version 2025.1.15 ");
    }
  }

  @Test
  void handsArgumentsOverAsTheyAre() throws Exception {
    try (Run run = run(JAVA, "./rr", "a b  'c' \"d\" $HOME *")) {
      assertThat(run.err()).startsWith("unknown command \"a b  'c' \"d\" $HOME *\" for \"rr\"");
      assertThat(run.code()).isOne();
    }
  }

  @Test
  void startsFromAFolderWithSpaces() throws Exception {
    Path spaced = Files.createDirectories(folder.resolve("a b"));
    Path file = Files.copy(folder.resolve("rr"), spaced.resolve("my rr"));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    try (Run run = run(JAVA, file.toString(), "--version")) {
      assertThat(run.out()).startsWith("my rr version 2025.1.15 ");
    }
  }

  @Test
  void bytesOfTheUserStayWhatTheyAreWhateverTheLocale() throws Exception {
    String script =
        """
        folder="$(printf 'pr\\303\\263j')"
        mkdir "$folder" && cp .rr.yaml "$folder" && cp rr "$folder/rr" && cd "$folder"
        exec env -u LC_ALL LANG=C my-dash=a 1num=b 'my.dotted=c
        d' utf8="$(printf '\\303\\251')" latin="$(printf '\\351')" LC_CTYPE=POSIX \\
          ./rr serve -o "a=$(printf '\\303\\251\\351')"
        """;
    try (Run run = Run.start(folder, with("FAKE", "tells"), "sh", "-c", script)) {
      run.awaitOut("server started");
      // The environment has no order: any variable may be the first line.
      assertThat("\n" + run.out())
          .contains("\nmy-dash=61\n", "\n1num=62\n", "\nmy.dotted=630a64\n")
          .contains("\nutf8=c3a9\n", "\nlatin=e9\n", "\nLC_CTYPE=" + hex("POSIX"))
          .contains("\n-o 613dc3a9e9\n")
          .contains("pr\u00f3j/.rr.yaml exists: true\n")
          .doesNotContain("LC_ALL", "_RR_");
      run.signal("USR2");
      run.awaitOut("my-dash=61", 2);
      run.awaitOut("latin=e9", 2);
      run.awaitOut("-o 613dc3a9e9", 2);
    }
  }

  @Test
  void theLocaleThatWasSetIsHandedOn() throws Exception {
    try (Run run =
        Run.start(folder, with("FAKE", "tells", "LC_ALL", "xx_YY.UTF-8"), "./rr", "serve")) {
      run.awaitOut("server started");
      assertThat("\n" + run.out()).contains("\nLC_ALL=" + hex("xx_YY.UTF-8") + "\n");
    }
  }

  @Test
  void temporaryFilesGoToTmpdir() throws Exception {
    Path own = Files.createDirectories(folder.resolve("own tmp"));
    Map<String, String> environment =
        with("TMPDIR", own.toString(), "RR_JAVA_OPTS", "-XshowSettings:properties");
    try (Run run = run(environment, "./rr", "--version")) {
      assertThat(run.err()).contains("java.io.tmpdir = " + own + "\n");
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWrongJavaIsAnError() throws Exception {
    Path home = jdk("17.0.15");
    try (Run run = run(Map.of("RR_JAVA", home.toString()), "./rr", "--version")) {
      assertThat(run.err())
          .isEqualTo("rr: RR_JAVA=" + home + " is not a Java 25 or newer, it is 17\n");
      assertThat(run.code()).isOne();
    }
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    String path = System.getProperty("java.home") + "/bin:" + System.getenv("PATH");
    Map<String, String> environment =
        Map.of("RR_JAVA", "", "JAVA_HOME", jdk("17.0.15").toString(), "PATH", path);
    try (Run run = run(environment, "./rr", "--version")) {
      assertThat(run.out()).startsWith("rr version");
    }
  }

  @Test
  void theProgramItselfWillDoForTheFolderOfAJdk() throws Exception {
    String java = System.getProperty("java.home") + "/bin/java";
    try (Run run = run(Map.of("RR_JAVA", java), "./rr", "--version")) {
      assertThat(run.out()).startsWith("rr version");
    }
  }

  @Test
  void theUsersOptionsWinAndMayChangeTheCollector() throws Exception {
    Map<String, String> environment =
        with("RR_JAVA_OPTS", "-XX:+UseParallelGC -Xmx96m -XX:+PrintFlagsFinal");
    try (Run run = run(environment, "./rr", "--version")) {
      assertThat(run.out()).containsPattern("MaxHeapSize += 100663296 ");
      assertThat(run.out()).containsPattern("UseParallelGC += true ");
    }
  }

  @Test
  void theHeapIsAtMostOneGibibyteAndShortCommandsUseTheQuickCompilerAlone() throws Exception {
    try (Run run = run(with("RR_JAVA_OPTS", "-XX:+PrintFlagsFinal"), "./rr", "--version")) {
      long heap =
          run.out()
              .lines()
              .filter(l -> l.contains(" MaxHeapSize "))
              .mapToLong(l -> Long.parseLong(l.replaceFirst(".*= *", "").replaceFirst(" .*", "")))
              .findFirst()
              .orElseThrow();
      assertThat(heap).isBetween(8L << 20, 1L << 30);
      assertThat(run.out()).containsPattern("UseSerialGC += true ");
      assertThat(run.out()).containsPattern("TieredStopAtLevel += 1 ");
    }
  }

  @Test
  void survivorsAreLargeUnlessTheUsersHeapIsSmall() throws Exception {
    for (Map.Entry<String, String> each : Map.of("-Xmx59m", "8", "-Xmx100m", "2").entrySet()) {
      Map<String, String> environment =
          with("RR_JAVA_OPTS", each.getKey() + " -XX:+PrintFlagsFinal");
      try (Run run = run(environment, "./rr", "--version")) {
        assertThat(run.out()).containsPattern(" SurvivorRatio += " + each.getValue() + " ");
        assertThat(run.out()).containsPattern("UseSerialGC += true ");
      }
    }
  }

  @Test
  void aServerWithoutMemoryEndsSaysSoAndLeavesNoProcessBehind() throws Exception {
    try (Run run = run(with("RR_JAVA_OPTS", "-Xmx40m", "FAKE", "exhausts"), "./rr", "serve")) {
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.out())
          .contains("Terminating due to java.lang.OutOfMemoryError: Java heap space")
          .doesNotContain("caught");
      ServeProcessTest.childIsGone(run);
    }
  }

  @Test
  void theCacheIsUsedUntilTheFileOrTheJvmIsAnother() throws Exception {
    Path cached = PackedFile.write(folder.resolve("cached"), "aaaaaaaaaaaa");
    try (Run run = run(JAVA, "./cached", "aot")) {
      assertThat(run.out()).contains("start-up cache: " + folder.resolve("cached.aot"));
      assertThat(run.code()).isZero();
    }
    Map<String, String> shows = with("RR_JAVA_OPTS", "-XX:+PrintFlagsFinal");
    try (Run run = run(shows, "./cached", "--version")) {
      assertThat(run.out()).contains(" AOTCache ").contains("cached.aot");
    }
    try (Run run = run(JAVA, "./cached", "--version")) {
      assertThat(run.out()).startsWith("cached version").hasLineCount(1);
      assertThat(run.err()).isEmpty();
    }
    Path own = Files.createDirectory(folder.resolve("tools"));
    executable(own.resolve("ls"), "/bin/ls \"$@\" | awk '{ $3 = 4242; print }'");
    Map<String, String> another = with("RR_JAVA_OPTS", "-XX:+PrintFlagsFinal");
    another.put("PATH", own + ":" + System.getenv("PATH"));
    try (Run run = run(another, "./cached", "--version")) {
      assertThat(run.out()).as("a cache of another user").doesNotContain("cached.aot");
    }
    Set<PosixFilePermission> before700 = Files.getPosixFilePermissions(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (Run run = run(shows, "./cached", "--version")) {
      assertThat(run.out()).as("a cache in everybody's folder").doesNotContain("cached.aot");
    } finally {
      Files.setPosixFilePermissions(folder, before700);
    }
    PackedFile.write(folder.resolve("cached"), "bbbbbbbbbbbb");
    Path before = folder.resolve("cached.aot");
    Files.setLastModifiedTime(folder.resolve("cached"), Files.getLastModifiedTime(before));
    try (Run run = run(shows, "./cached", "--version")) {
      assertThat(run.out()).doesNotContain("cached.aot");
    }
  }

  @Test
  void aDamagedCacheIsLeftOutWithoutAWord() throws Exception {
    Path broken = PackedFile.write(folder.resolve("broken"), "cccccccccccc");
    try (Run run = run(JAVA, "./broken", "aot")) {
      assertThat(run.code()).isZero();
    }
    Files.writeString(folder.resolve("broken.aot"), "nothing");
    assertThat(broken).exists();
    try (Run run = run(JAVA, "./broken", "--version")) {
      assertThat(run.out()).startsWith("broken version").hasLineCount(1);
      assertThat(run.err()).isEmpty();
    }
  }

  private static void executable(Path path, String script) throws IOException {
    Files.writeString(path, "#!/bin/sh\n" + script + "\n");
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private static Path jdk(String version) throws IOException {
    Path home = folder.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    executable(home.resolve("bin/java"), "echo started the wrong java\nexit 3");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
