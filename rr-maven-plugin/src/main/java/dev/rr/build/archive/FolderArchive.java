package dev.rr.build.archive;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of classes. */
final class FolderArchive implements Archive {
  private final List<Entry> entries;

  FolderArchive(Path given) throws IOException {
    // The walk would take a link to the folder for all there is.
    Path folder = given.toRealPath();
    try (Stream<Path> files = Files.walk(folder)) {
      this.entries =
          files
              .filter(Files::isRegularFile)
              .map(f -> (Entry) new FileEntry(name(folder, f), f))
              .sorted(Comparator.comparing(Entry::name))
              .toList();
    }
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public void close() {}

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private record FileEntry(String name, Path file) implements Entry {
    @Override
    public byte[] content() throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public Raw raw() throws IOException {
      return Raw.stored(content());
    }
  }
}
