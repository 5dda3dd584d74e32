package dev.rr.plugin.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpoolTest {
  private static final String DEAD = "0123456789abcdef";

  @TempDir Path dir;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private void make(String... names) throws IOException {
    for (String name : names) {
      Files.writeString(dir.resolve(name), "x");
    }
  }

  private void sweep() {
    try (Spool spool = new Spool(dir, Log.NONE)) {
      spool.sweep();
    }
  }

  /** Makes a file and lives until it is killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws Exception {
      Path file = new Spool(Path.of(arguments[0]), Log.NONE).create("upload");
      System.out.println(file);
      var unused = System.in.read();
    }
  }

  private Process owner() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).startsWith(dir + "/upload-");
    return process;
  }

  @Test
  void deletesWhatAKilledProcessLeftAndNothingOfALivingOne() throws Exception {
    Process living = owner();
    Process killed = owner();
    try {
      sweep();
      assertThat(names()).as("two files, two lock files").hasSize(4);

      assertThat(killed.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
      sweep();
      assertThat(names()).as("a file and a lock file").hasSize(2);
    } finally {
      killed.destroyForcibly();
      assertThat(living.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    sweep();
    assertThat(names()).isEmpty();
  }

  @Test
  void deletesOnlyFilesWithTheDeadOwnersIdInTheirNames() throws Exception {
    make(".rr-" + DEAD + ".owner", "upload-" + DEAD + "-1", "rr-body-" + DEAD + "-2");
    String[] others = {
      "upload",
      "upload-1",
      "upload-fedcba9876543210-1",
      "upload-" + DEAD,
      DEAD + "-1",
      "upload-" + DEAD.toUpperCase(java.util.Locale.ROOT) + "-1",
      ".rr-0.owner",
      ".rr-x123456789abcdef.owner",
      "rr-" + DEAD + ".owner"
    };
    make(others);
    sweep();

    assertThat(names()).containsExactlyInAnyOrder(others);
  }

  @Test
  void leavesFilesWithoutAnOwnersMarkAlone() throws Exception {
    make("upload-" + DEAD + "-1");
    sweep();

    assertThat(names()).containsExactly("upload-" + DEAD + "-1");
  }

  @Test
  void followsNoLinksAndDeletesNoFolders() throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "x");
    Files.createSymbolicLink(dir.resolve(".rr-" + DEAD + ".owner"), target);
    sweep();
    assertThat(dir.resolve(".rr-" + DEAD + ".owner")).exists();

    Files.delete(dir.resolve(".rr-" + DEAD + ".owner"));
    make(".rr-" + DEAD + ".owner");
    Files.createDirectory(dir.resolve("upload-" + DEAD + "-1"));
    Files.createSymbolicLink(dir.resolve("upload-" + DEAD + "-2"), target);
    sweep();

    assertThat(names()).containsExactly("target", "upload-" + DEAD + "-1", "upload-" + DEAD + "-2");
    assertThat(Files.readString(target)).isEqualTo("x");
  }

  @Test
  void leavesWhatAnotherUserMarkedAlone() throws Exception {
    make(".rr-" + DEAD + ".owner", "upload-" + DEAD + "-1");
    boolean root = Files.getAttribute(dir, "unix:uid").equals(0);
    if (root) {
      Files.setAttribute(
          dir.resolve(".rr-" + DEAD + ".owner"), "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
      sweep();
      assertThat(names()).hasSize(2);
    }
  }

  @Test
  void deletesItsOwnFilesAndMarkWhenItClosesAndMakesNoMore() throws Exception {
    Spool spool = new Spool(dir, Log.NONE);
    Path file = spool.create("upload");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    make("upload-other");
    spool.close();

    assertThat(names()).containsExactly("upload-other");
    assertThatThrownBy(() -> spool.create("upload")).isInstanceOf(IOException.class);
  }

  @Test
  void leavesNoMarkWhereNothingIsMadeAndMissesNoFolder() throws Exception {
    Spool spool = new Spool(dir, Log.NONE);
    spool.sweep();
    assertThat(names()).isEmpty();
    spool.close();

    new Spool(dir.resolve("missing"), Log.NONE).sweep();
    assertThat(names()).isEmpty();
  }
}
