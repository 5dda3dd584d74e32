package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.archive.Archive;
import dev.rr.build.archive.Hash;
import dev.rr.build.archive.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packs one flat jar behind a shell preamble. The same inputs give the same bytes on every machine:
 * compressed entries are taken over as they are, new ones are stored.
 */
final class Packer {
  /** Where the template keeps the script that becomes the head of the file. */
  static final String PREAMBLE = "META-INF/rr/preamble.sh";

  private static final String MAIN_CLASS = "dev.rr.launch.Launcher";
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private final String version;

  /** Packs binaries of this version. */
  Packer(String version) {
    this.version = version;
  }

  /**
   * The packed file.
   *
   * @param inputs in the order in which merged files are put together
   * @param generated compiled classes by their path
   * @throws BuildException when two inputs carry one file differently, or no input has a preamble
   */
  byte[] pack(List<Input> inputs, Map<String, byte[]> generated)
      throws BuildException, IOException {
    Contents contents = Contents.of(inputs);
    Map<String, Archive.Raw> sorted = new TreeMap<>(contents.files());
    for (Map.Entry<String, byte[]> entry : generated.entrySet()) {
      if (sorted.put(entry.getKey(), Archive.Raw.stored(entry.getValue())) != null) {
        throw new BuildException(entry.getKey() + " is generated, but is in an input already");
      }
    }
    Map<String, Archive.Raw> entries = new LinkedHashMap<>();
    // First, where readers of streams expect it.
    entries.put(MANIFEST, Archive.Raw.stored(manifest(contents.multiRelease())));
    entries.putAll(sorted);
    byte[] preamble = preamble(inputs, Hash.of(entries));
    byte[] archive = ZipWriter.write(entries, preamble.length);
    return ByteBuffer.allocate(preamble.length + archive.length).put(preamble).put(archive).array();
  }

  /** Writes the file, executable whatever the umask is, and waits until it is on the disk. */
  static void write(byte[] file, Path output) throws IOException {
    try (FileChannel channel =
        FileChannel.open(output, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(file);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      throw BuildException.at(output, e);
    }
    if (Files.getFileStore(output).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private byte[] manifest(boolean multiRelease) {
    StringBuilder text = new StringBuilder("Manifest-Version: 1.0\r\n");
    text.append("Main-Class: ").append(MAIN_CLASS).append("\r\n");
    if (multiRelease) {
      text.append("Multi-Release: true\r\n");
    }
    // Here, not on the command line: there it rejects the AOT cache.
    text.append("Enable-Native-Access: ALL-UNNAMED\r\n");
    text.append("Implementation-Title: rr\r\n");
    text.append("Implementation-Version: ").append(version).append("\r\n\r\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] preamble(List<Input> inputs, String key)
      throws BuildException, IOException {
    for (Input input : inputs) {
      try (Archive archive = Archive.open(input.file())) {
        var entry = archive.find(PREAMBLE);
        if (entry.isPresent()) {
          String text = new String(entry.get().content(), StandardCharsets.UTF_8);
          return text.replace("@RR_KEY@", key).getBytes(StandardCharsets.UTF_8);
        }
      }
    }
    throw new BuildException("No input has " + PREAMBLE + "; rr-template does");
  }
}
