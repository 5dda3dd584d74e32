package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  @Test
  void whatIsNoTextOrTooLargeForOneIsToldWithItsName() throws Exception {
    Path bytes = Files.write(folder.resolve("a"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> TextFile.read(bytes))
        .isInstanceOf(BuildException.class)
        .hasMessage(bytes + " cannot be read: it is no text in UTF-8");
    Path large = folder.resolve("b");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(100_000_000);
    }
    assertThatThrownBy(() -> TextFile.read(large))
        .isInstanceOf(BuildException.class)
        .hasMessage(large + " cannot be read: it has 100 MB, 16 are allowed");
  }

  @Test
  void theReasonOfAParserIsALineThatEnds() {
    assertThat(TextFile.reason(new IOException("a.b.SomeException: bad at 1\nSee https://x")))
        .isEqualTo("bad at 1");
    assertThat(TextFile.reason(new IOException("x".repeat(1000)))).hasSize(201).endsWith("x…");
  }

  @Test
  void whatIsWrittenTakesThePlaceOfWhatWasThereAndLeavesNothingBeside() throws Exception {
    Path file = folder.resolve("new/rr.lock");
    TextFile.write(file, "one");
    TextFile.write(file, "two");
    assertThat(file).hasContent("two");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    TextFile.write(link, "three");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("three");
    assertThat(folder.resolve("new")).isDirectoryContaining(file::equals);
    try (var inside = Files.list(folder.resolve("new"))) {
      assertThat(inside).hasSize(1);
    }
  }

  @Test
  void aDeviceIsWrittenToAndStaysOne() throws Exception {
    TextFile.write(Path.of("/dev/null"), "x");
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void whatTheSystemSaysOfAFileIsToldWithItsName() {
    assertThat(BuildException.text(BuildException.at(Path.of("/a"), new IOException("No space"))))
        .isEqualTo("/a: No space");
    assertThat(BuildException.text(new AccessDeniedException("/a")))
        .isEqualTo("/a: permission denied");
    assertThat(BuildException.text(new NoSuchFileException("/a")))
        .isEqualTo("/a: no such file or folder");
    assertThat(BuildException.text(new FileAlreadyExistsException("/a")))
        .isEqualTo("/a: is there already, or is no folder");
  }
}
