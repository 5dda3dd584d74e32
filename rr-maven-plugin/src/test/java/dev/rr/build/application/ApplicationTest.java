package dev.rr.build.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
  @TempDir Path folder;
  private Path app = Path.of("");

  @BeforeEach
  void write() throws Exception {
    app = Files.createDirectories(folder.resolve("app"));
    Files.writeString(app.resolve("worker.php"), "<?php");
    Path bin = Files.writeString(Files.createDirectory(app.resolve("bin")).resolve("console"), "x");
    assertThat(bin.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(app.resolve("bin/worker"), Path.of("../worker.php"));
    Files.createDirectories(app.resolve("storage/logs/old"));
    Files.writeString(app.resolve("storage/logs/a.txt"), "a");
    Files.writeString(app.resolve("b.log"), "b");
    Files.createDirectories(app.resolve("vendor/acme/.git"));
  }

  private Application application(String... excludes) throws Exception {
    return Application.of("rr.embed", app, leftOut(folder.resolve("target/rr"), excludes));
  }

  private List<String> leftOut(Path output, String... said) throws Exception {
    return Application.leftOut(
        app, List.of(said), output.resolveSibling("../target"), output, List.of());
  }

  private String listed(Application application) throws Exception {
    byte[] tar = Application.entries(Optional.of(application)).get(Application.TAR);
    Path file = Files.write(folder.resolve("app.tar"), tar);
    Path out = folder.resolve("listed");
    Process process =
        new ProcessBuilder("tar", "tvf", file.toString()).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor()).isZero();
    return Files.readString(out).replaceAll("(?m)^(\\S+) .*\\d\\d:\\d\\d ", "$1 ");
  }

  @Test
  void namesAreSortedAndModesAndLinksKept() throws Exception {
    assertThat(listed(application("/storage/logs", "*.log")))
        .isEqualTo(
            """
            drwxr-xr-x bin/
            -rwxr-xr-x bin/console
            lrwxrwxrwx bin/worker -> ../worker.php
            drwxr-xr-x storage/
            drwxr-xr-x vendor/
            drwxr-xr-x vendor/acme/
            -rw-r--r-- worker.php
            """);
  }

  @Test
  void theSameFilesOfAnotherTimeAreTheSameBytes() throws Exception {
    Application one = application();
    Files.setLastModifiedTime(app.resolve("worker.php"), FileTime.fromMillis(1_000));
    assertThat(application().hash()).isEqualTo(one.hash());
    assertThat(one.files()).isEqualTo(5);
    Files.writeString(app.resolve("worker.php"), "<?PHP");
    assertThat(application().hash()).isNotEqualTo(one.hash());
  }

  @Test
  void linksThatLeadOutAreRefusedAllAtOnce() throws Exception {
    Files.createSymbolicLink(app.resolve("etc"), Path.of("/etc"));
    Files.createSymbolicLink(app.resolve("bin/up"), Path.of("../../other"));
    assertThatThrownBy(this::application)
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("rr.appExcludes leaves them out:")
        .hasMessageContaining("bin/up -> ../../other")
        .hasMessageContaining("etc -> /etc");
    assertThat(application("etc", "up").files()).isEqualTo(5);
  }

  @Test
  void anApplicationThatIsTooLargeIsAnErrorBeforeItIsRead() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(app.resolve("dump.sql").toFile(), "rw")) {
      sparse.setLength(3_000_000_000L);
    }
    assertThatThrownBy(this::application)
        .isInstanceOf(BuildException.class)
        .hasMessage(
            "rr.embed: %s has 3000 MB, 1000 are allowed; rr.appExcludes leaves out what need not be"
                + " in the file",
            app);
    assertThat(application("*.sql").files()).isEqualTo(5);
  }

  @Test
  void aNameThatIsNoTextIsAnErrorAndNotAnotherName() throws Exception {
    // ISO 8859-1, which is what a name in UTF-8 is to a locale without it: bytes without letters.
    Process process =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'caf\\351.php')\"")
            .directory(app.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    assertThatThrownBy(this::application)
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith(app + ": names that are no text in this locale")
        .hasMessageContaining("caf");
    assertThat(application("caf*").files()).isEqualTo(5);
  }

  @Test
  void whatBuildsWriteIntoTheFolderStaysOut() throws Exception {
    assertThat(
            Application.leftOut(
                app,
                List.of("*.log"),
                app.resolve("target"),
                app.resolve("a[1]"),
                List.of(app.resolve("b.tar"), folder.resolve("c.tar"))))
        .containsExactly(
            "*.log",
            ".git",
            "/target",
            "/a\\[1\\]",
            "/a\\[1\\].cmd",
            "/a\\[1\\].aot",
            "/a\\[1\\].cdx.json",
            "/a\\[1\\].spdx.json",
            "/rr-runtime",
            "/rr-image.tar",
            "/b.tar");
  }

  @Test
  void whatIsBesideTheFileIsTheApplicationsOwn() throws Exception {
    Files.writeString(app.resolve("bin/rr"), "the file");
    List<String> excludes = leftOut(app.resolve("bin/rr"), "/storage", "*.log");
    assertThat(listed(Application.of("rr.embed", app, excludes)))
        .contains(" bin/console\n")
        .doesNotContain("bin/rr");
  }

  @Test
  void signsThatNamesOfOtherSystemsHaveNotAreKept() throws Exception {
    List<String> odd = List.of("..\\..\\up", "new\nline", "[a]*?{b}", " ", "\"q\"", "日本");
    for (String name : odd) {
      Files.writeString(app.resolve(name), name);
    }
    Files.createSymbolicLink(app.resolve("link"), Path.of("..\\..\\up"));
    Path out = Files.createDirectories(folder.resolve("out"));
    byte[] tar = Application.entries(Optional.of(application())).get(Application.TAR);
    Path file = Files.write(folder.resolve("app.tar"), tar);
    Process process =
        new ProcessBuilder("tar", "xf", file.toString(), "-C", out.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    assertThat(odd).allSatisfy(name -> assertThat(out.resolve(name)).hasContent(name));
    assertThat(out.resolve("link").toRealPath()).isEqualTo(out.resolve(odd.get(0)).toRealPath());
  }

  @Test
  void aLinkToTheFolderIsTheFolder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("current"), app);
    Files.writeString(app.resolve("rr"), "the file");
    List<String> excludes =
        Application.leftOut(
            link, List.of(), folder.resolve("target"), app.resolve("rr"), List.of());
    assertThat(excludes).contains("/rr");
    assertThat(Application.of("rr.embed", link, excludes).hash())
        .isEqualTo(application("/rr").hash());
    assertThat(excludes)
        .isEqualTo(
            Application.leftOut(
                app, List.of(), folder.resolve("target"), link.resolve("rr"), List.of()));
  }

  @Test
  void aGlobThatIsNoneAndAFolderThatIsNoneAreErrors() throws Exception {
    assertThatThrownBy(() -> application("[a"))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith("rr.appExcludes: \"[a\" is no glob");
    Path gone = folder.resolve("gone");
    List<String> excludes = Application.leftOut(gone, List.of(), gone, gone, List.of());
    assertThatThrownBy(() -> Application.of("rr.embed", gone, excludes))
        .isInstanceOf(BuildException.class)
        .hasMessage("rr.embed: " + folder.resolve("gone") + " is no folder");
  }

  @Test
  void aFileWithoutAnApplicationHasNothingOfIt() {
    assertThat(Application.entries(Optional.empty())).isEqualTo(Map.of());
  }
}
