package dev.rr.embed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedApplicationTest {
  private static final String HASH = "0123456789abcdef0000";
  private static final String LONG = "long/" + "n".repeat(150) + ".php";

  @TempDir Path folder;
  private Path base = Path.of("");
  private byte[] tar = {};

  @BeforeEach
  void write() throws Exception {
    base = folder.resolve("base");
    Path app = Files.createDirectories(folder.resolve("app"));
    Files.writeString(app.resolve("worker.php"), "<?php // worker");
    Path bin = Files.writeString(app.resolve("console"), "x");
    assertThat(bin.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(app.resolve("link"), Path.of("worker.php"));
    Files.createDirectories(app.resolve("long"));
    Files.writeString(app.resolve(LONG), "long");
    for (int i = 0; i < 20; i++) {
      Path inner = Files.createDirectories(app.resolve("long/" + i));
      Files.writeString(inner.resolve("file"), "x");
    }
    Process process =
        new ProcessBuilder(
                "tar",
                "cf",
                "app.tar",
                "--format=pax",
                "--pax-option=delete=atime,delete=ctime",
                "-C",
                "app",
                "console",
                "link",
                "long",
                "worker.php")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    tar = Files.readAllBytes(folder.resolve("app.tar"));
  }

  private Path unpack() throws IOException {
    EmbeddedApplication application =
        new EmbeddedApplication(HASH, () -> new ByteArrayInputStream(tar));
    try (UnpackedApplication used = application.use(base, Optional.empty())) {
      return used.folder();
    }
  }

  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
  }

  @Test
  void filesModesLinksAndLongNamesAreAsTheyWere() throws Exception {
    Path app = unpack();
    assertThat(app).isEqualTo(base.resolve("0123456789abcdef/app"));
    assertThat(app.resolve("worker.php")).hasContent("<?php // worker");
    assertThat(app.resolve(LONG)).hasContent("long");
    assertThat(Files.readSymbolicLink(app.resolve("link"))).isEqualTo(Path.of("worker.php"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(app.resolve("console"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(app.resolve("worker.php"))))
        .isEqualTo("rw-r--r--");
    try (Stream<Path> left = Files.list(base)) {
      assertThat(left).containsExactly(base.resolve("0123456789abcdef"));
    }
  }

  @Test
  void aSecondStartTouchesNothing() throws Exception {
    Path worker = unpack().resolve("worker.php");
    FileTime made = Files.getLastModifiedTime(worker);
    Path unused = unpack();
    assertThat(Files.getLastModifiedTime(worker)).isEqualTo(made);
  }

  @Test
  void whatIsDamagedIsMadeAgainAndWhatTheApplicationWroteStays() throws Exception {
    Path app = unpack();
    Files.writeString(app.resolve("cache"), "of the application");
    Files.writeString(app.resolve("worker.php"), "<?php // warker");
    later(app.resolve("worker.php"));
    Files.writeString(app.resolve(LONG), "");
    Files.delete(app.resolve("link"));
    Files.createDirectories(app.resolve("link/instead"));
    Files.delete(app.resolve("console"));
    assertThat(unpack()).isEqualTo(app);
    assertThat(app.resolve("worker.php")).hasContent("<?php // worker");
    assertThat(app.resolve(LONG)).hasContent("long");
    assertThat(Files.readSymbolicLink(app.resolve("link"))).isEqualTo(Path.of("worker.php"));
    assertThat(app.resolve("console")).isExecutable();
    assertThat(app.resolve("cache")).hasContent("of the application");
  }

  @Test
  void aFolderThatWasNeverWholeIsMadeWhole() throws Exception {
    Path place = Files.createDirectories(base.resolve("0123456789abcdef"));
    assertThat(unpack().resolve("worker.php")).hasContent("<?php // worker");
    assertThat(place.resolve("checked")).exists();
  }

  @Test
  void startsAtTheSameTimeGetTheSameWholeFolder() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Path>> starts =
          IntStream.range(0, 8).mapToObj(i -> (Callable<Path>) this::unpack).toList();
      for (Future<Path> start : threads.invokeAll(starts)) {
        assertThat(start.get().resolve(LONG)).hasContent("long");
      }
    }
    try (Stream<Path> left = Files.list(base)) {
      assertThat(left.map(Path::getFileName).map(Path::toString).collect(Collectors.toList()))
          .containsExactly("0123456789abcdef");
    }
  }

  @Test
  void startsThatMendAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 20; round++) {
        Files.move(unpack(), folder.resolve("old" + round));
        List<Callable<Path>> starts =
            IntStream.range(0, 8).mapToObj(i -> (Callable<Path>) this::unpack).toList();
        for (Future<Path> start : threads.invokeAll(starts)) {
          assertThat(start.get().resolve("link")).hasContent("<?php // worker");
        }
      }
    }
  }

  @Test
  void whatStartsHaveLeftThatWereKilledIsRemovedAfterAnHour() throws Exception {
    Path left = Files.createDirectories(base.resolve(".rr-app-1"));
    Files.writeString(Files.createDirectory(left.resolve("app")).resolve("half"), "x");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(2 * 60 * 60)));
    Path busy = Files.createDirectories(base.resolve(".rr-app-2"));
    Path unused = unpack();
    assertThat(left).doesNotExist();
    assertThat(busy).exists();
  }

  @Test
  void whatCannotBeRemovedKeepsNothingElseThere() throws Exception {
    Path left = Files.createDirectories(base.resolve(".rr-app-4"));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(2 * 60 * 60)));
    for (int i = 0; i < 9; i++) {
      Files.createSymbolicLink(base.resolve(".rr-app-gone-" + i), Path.of("gone"));
    }
    Path unused = unpack();
    assertThat(left).doesNotExist();
  }

  @Test
  void aLinkOnTheWayIsNotRunThrough() throws Exception {
    Path real = Files.createDirectories(folder.resolve("real"));
    base = Files.createSymbolicLink(folder.resolve("via"), real);
    assertThat(unpack()).isEqualTo(real.resolve("0123456789abcdef/app"));
  }

  @Test
  void aFolderThatOthersMayChangeIsNotRunFrom() throws Exception {
    Path app = unpack();
    for (Path open : List.of(app, app.resolveSibling(".").normalize())) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(open);
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      assertThatThrownBy(this::unpack)
          .isInstanceOf(IOException.class)
          .hasMessage(open + " may be changed by others than this user");
      Files.setPosixFilePermissions(open, mode);
    }
  }

  @Test
  void anEntryThatLeadsOutIsRefused() throws Exception {
    String text = new String(tar, ISO_8859_1);
    tar = text.replace("console\0\0", "../cons\0\0").getBytes(ISO_8859_1);
    assertThatThrownBy(this::unpack)
        .isInstanceOf(IOException.class)
        .hasMessage("an entry that leads out, ../cons");
    assertThat(base.resolve("0123456789abcdef")).doesNotExist();
  }

  @Test
  void aTarThatEndsEarlyLeavesNoFolder() {
    tar = Arrays.copyOf(tar, 700);
    assertThatThrownBy(this::unpack).isInstanceOf(IOException.class);
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void theVariableWinsOverTheUsersCache() {
    assertThat(EmbeddedApplication.base(Map.of("HOME", "/home/a")))
        .isEqualTo(Path.of("/home/a/.cache/rr/app"));
    assertThat(EmbeddedApplication.base(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/c")))
        .isEqualTo(Path.of("/c/rr/app"));
    assertThat(EmbeddedApplication.base(Map.of("HOME", "/home/a", "RR_EMBED_DIR", "/var/lib/app")))
        .isEqualTo(Path.of("/var/lib/app"));
  }

  @Test
  void classesWithoutOneHaveNone() throws Exception {
    try (URLClassLoader classes = new URLClassLoader(new URL[] {}, null)) {
      assertThat(EmbeddedApplication.find(classes)).isEmpty();
    }
    Path place = Files.createDirectories(folder.resolve("classes/META-INF/rr"));
    Files.writeString(place.resolve("app.sha256"), HASH);
    Files.write(place.resolve("app.tar"), tar);
    URL url = folder.resolve("classes").toUri().toURL();
    try (URLClassLoader classes = new URLClassLoader(new URL[] {url}, null)) {
      try (UnpackedApplication used =
          EmbeddedApplication.find(classes).orElseThrow().use(base, Optional.empty())) {
        assertThat(used.folder().resolve("worker.php")).isRegularFile();
      }
    }
  }
}
