package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir Path folder;

  private Snapshot now() throws Exception {
    return Snapshot.of(List.of(folder, folder.resolve("not there")));
  }

  @Test
  void aFileThatIsWrittenAgainHasChanged() throws Exception {
    Path one = Files.writeString(folder.resolve("one.java"), "a");
    Files.writeString(folder.resolve("other.java"), "b");
    Snapshot before = now();
    assertThat(now()).isEqualTo(before);
    Files.setLastModifiedTime(one, FileTime.fromMillis(1_000_000));
    assertThat(now().changedSince(before)).containsExactly(one);
    assertThat(now().hasTheFilesOf(before)).isTrue();
  }

  @Test
  void aFileThatComesOrGoesMakesAnotherSetOfFiles() throws Exception {
    Path one = Files.writeString(folder.resolve("one.java"), "a");
    Snapshot before = now();
    Path other = Files.writeString(folder.resolve("other.java"), "b");
    assertThat(now().changedSince(before)).containsExactly(other);
    assertThat(now().hasTheFilesOf(before)).isFalse();
    Files.delete(other);
    Files.delete(one);
    assertThat(now().changedSince(before)).isEmpty();
    assertThat(now()).isNotEqualTo(before);
  }

  @Test
  void whatAnEditorKeepsBesideAFileIsNone() throws Exception {
    Snapshot before = now();
    Files.writeString(folder.resolve("one.java~"), "a");
    Files.writeString(folder.resolve(".#one.java"), "a");
    assertThat(now()).isEqualTo(before);
  }

  @Test
  void aFolderIsCopiedWithWhatIsInIt() throws Exception {
    Path from = folder.resolve("from");
    Files.createDirectories(from.resolve("a/b"));
    Files.writeString(from.resolve("a/b/c.txt"), "text");
    Snapshot.copy(from, folder.resolve("to"));
    assertThat(folder.resolve("to/a/b/c.txt")).hasContent("text");
    Snapshot.copy(folder.resolve("not there"), folder.resolve("to"));
  }
}
