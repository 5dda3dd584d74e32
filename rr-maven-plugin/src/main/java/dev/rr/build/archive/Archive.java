package dev.rr.build.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/** A jar or a folder of classes, read entry by entry. One thread. */
public interface Archive extends Closeable {
  /** Opens a jar or a folder. */
  static Archive open(Path file) throws IOException {
    return Files.isDirectory(file) ? new FolderArchive(file) : new ZipArchive(file);
  }

  /** The files in it, by name; no folders. */
  List<Entry> entries();

  /** The file of this name. */
  default Optional<Entry> find(String name) {
    return entries().stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** One file. */
  interface Entry {
    /** Its path with slashes. */
    String name();

    /** Its content. */
    byte[] content() throws IOException;

    /** As it is stored. */
    Raw raw() throws IOException;
  }

  /**
   * Bytes as a zip keeps them.
   *
   * @param method 0 when stored, 8 when deflated
   * @param crc of the content
   * @param size of the content
   * @param bytes as stored or deflated
   */
  record Raw(int method, long crc, long size, byte[] bytes) {
    /** Content that is not compressed. */
    public static Raw stored(byte[] content) {
      CRC32 crc = new CRC32();
      crc.update(content);
      return new Raw(0, crc.getValue(), content.length, content);
    }
  }
}
