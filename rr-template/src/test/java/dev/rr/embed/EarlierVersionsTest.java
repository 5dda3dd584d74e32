package dev.rr.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.assembly.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders a start removes; ServeEmbeddedTest has those that other processes use. */
class EarlierVersionsTest {
  private static final Duration LONG = Duration.ofDays(8);

  @TempDir Path folder;
  private Path base = Path.of("");
  private Path packed = Path.of("");

  @BeforeEach
  void write() throws Exception {
    base = folder.resolve("base");
    packed = Files.writeString(folder.resolve("rr"), "the file");
  }

  /** Another process that starts, and ends. */
  static final class Start {
    private Start() {}

    /** Takes the folder of folders, and the packed file. */
    public static void main(String[] arguments) throws IOException {
      use(Path.of(arguments[0]), 'f', Path.of(arguments[1])).close();
    }
  }

  private static UnpackedApplication use(Path base, char digit, Path file) throws IOException {
    String hash = String.valueOf(digit).repeat(64);
    // Two empty blocks: a tar of nothing.
    return new EmbeddedApplication(hash, () -> new ByteArrayInputStream(new byte[1024]))
        .use(base, Optional.of(file));
  }

  private UnpackedApplication use(char digit, Path file) throws IOException {
    return use(base, digit, file);
  }

  /** One that was used by this file so long ago. */
  private Path used(char digit, Path file, Duration ago) throws IOException {
    Path place;
    try (UnpackedApplication used = use(digit, file)) {
      place = used.place();
    }
    Files.writeString(place.resolve("app/cache"), "of the application");
    return ago(place, ago);
  }

  private static Path ago(Path place, Duration ago) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(ago));
    Files.setLastModifiedTime(place.resolve("used"), then);
    return place;
  }

  private void start() throws IOException {
    use('f', packed).close();
  }

  private void startElsewhere() throws Exception {
    try (Run run =
        Run.start(
            folder,
            Map.of(),
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Start.class.getName(),
            base.toString(),
            packed.toString())) {
      assertThat(run.code()).as(run.err()).isZero();
    }
  }

  @Test
  void oneThatWasNotUsedForAWeekIsRemoved() throws Exception {
    Path old = used('a', packed, LONG);
    start();
    assertThat(old).doesNotExist();
    assertThat(base).isDirectoryNotContaining("glob:**/.rr-*");
  }

  @Test
  void oneThatWasUsedThisWeekIsKeptForAStepBack() throws Exception {
    Path old = used('a', packed, Duration.ofDays(6));
    start();
    assertThat(old.resolve("app/cache")).exists();
  }

  @Test
  void oneThatAnotherProcessUsesIsKeptUntilThatHasDone() throws Exception {
    Path old = used('a', packed, LONG);
    try (UnpackedApplication used = use('a', packed)) {
      // Whatever is looked at and written besides, the lock stays.
      used.touch();
      ago(old, LONG);
      startElsewhere();
      assertThat(used.folder().resolve("cache")).exists();
    }
    ago(old, LONG);
    startElsewhere();
    assertThat(old).doesNotExist();
  }

  @Test
  void theLastUseIsWhenItEnded() throws Exception {
    Path old = used('a', packed, LONG);
    try (UnpackedApplication used = use('a', packed)) {
      ago(used.place(), LONG);
    }
    start();
    assertThat(old).exists();
  }

  @Test
  void oneOfAFileThatIsGoneIsRemovedAndOneOfAnotherFileIsNot() throws Exception {
    Path release = Files.writeString(folder.resolve("release-1"), "an earlier one");
    Path gone = used('a', release, LONG);
    Files.delete(release);
    Path shop = Files.writeString(folder.resolve("shop"), "another application's file");
    Path other = used('b', shop, LONG);
    start();
    assertThat(gone).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void theFileThatUsedItLastCounts() throws Exception {
    Path shop = Files.writeString(folder.resolve("shop"), "a copy");
    Path old = used('a', packed, LONG);
    assertThat(used('a', shop, LONG)).isEqualTo(old);
    start();
    assertThat(old).exists();
  }

  @Test
  void theOwnOneStaysHoweverOldItIs() throws Exception {
    Path own = used('f', packed, LONG);
    start();
    assertThat(own.resolve("app/cache")).exists();
  }

  @Test
  void whatIsNotOursStays() throws Exception {
    Path named = used('a', packed, LONG);
    Files.move(named, base.resolve("backup"));
    Path withoutLock = used('b', packed, LONG);
    Files.delete(withoutLock.resolve("lock"));
    Path open = used('c', packed, LONG);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path withoutFile = used('d', packed, LONG);
    Files.delete(withoutFile.resolve("file"));
    Path elsewhere = Files.move(used('e', packed, LONG), folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(base.resolve("e".repeat(16)), elsewhere);
    Path file = Files.writeString(base.resolve("0".repeat(16)), "a file");
    start();
    assertThat(base.resolve("backup/app/cache")).exists();
    assertThat(withoutLock.resolve("app/cache")).exists();
    assertThat(open.resolve("app/cache")).exists();
    assertThat(withoutFile.resolve("app/cache")).exists();
    assertThat(elsewhere.resolve("app/cache")).exists();
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(file).exists();
  }

  /** Root may delete them as they are; other users have to be the ones who run this. */
  @Test
  void foldersThatTheApplicationMadeReadOnlyAreRemoved() throws Exception {
    Path place = used('a', packed, LONG);
    Path inner = Files.createDirectories(place.resolve("app/cache.d/inner"));
    Files.writeString(inner.resolve("file"), "x");
    for (Path closed : List.of(inner, inner.getParent())) {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    }
    start();
    assertThat(base).isDirectoryNotContaining(at -> !at.endsWith("f".repeat(16)));
  }

  @Test
  void linksInItAreRemovedAndNotWhatTheyLeadTo() throws Exception {
    Path storage = Files.createDirectory(folder.resolve("storage"));
    Files.writeString(storage.resolve("data"), "of the user");
    Path old = used('a', packed, LONG);
    Files.createSymbolicLink(old.resolve("app/storage"), storage);
    start();
    assertThat(old).doesNotExist();
    assertThat(storage.resolve("data")).hasContent("of the user");
  }

  @Test
  void oneThatIsRemovedIsUnpackedAgainWhenItIsUsedAgain() throws Exception {
    Path old = used('a', packed, LONG);
    start();
    try (UnpackedApplication again = use('a', packed)) {
      assertThat(again.place()).isEqualTo(old);
      assertThat(again.folder()).isDirectory();
    }
  }
}
