package dev.rr.build.lock;

import dev.rr.build.archive.Hash;
import dev.rr.build.select.Selection;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether the file that an earlier build made is what another would make: from the same inputs, by
 * the same tool and JDK, and unchanged since. One thread.
 */
public final class UpToDate {
  private final Path output;
  private final Path note;
  private final String inputs;

  private UpToDate(Path output, Path note, String inputs) {
    this.output = output;
    this.note = note;
    this.inputs = inputs;
  }

  /**
   * Looks at what a build would take.
   *
   * @param lock of the selection
   * @param work the build's folder for generated sources, in which this keeps a note; a build
   *     empties it
   */
  public static UpToDate of(Selection selection, Lock lock, Path jdk, Path output, Path work)
      throws IOException {
    List<String> all = List.of(lock.hash(), selection.catalogue().toString(), tool(), release(jdk));
    return new UpToDate(output, work.resolve("made-from"), Hash.of(all, List.of()));
  }

  /** Whether the file is there and what the note says of it is still so. */
  public boolean holds() throws IOException {
    return Files.isRegularFile(output)
        && Files.isRegularFile(note)
        && Files.readString(note).equals(text());
  }

  /** Keeps in mind that the file was made of these inputs. */
  public void keep() throws IOException {
    Files.writeString(note, text());
  }

  private String text() throws IOException {
    return inputs + "\n" + Hash.of(output) + "\n";
  }

  /** This very tool: a snapshot's version says nothing about its content. */
  private static String tool() throws IOException {
    try {
      Path own =
          Path.of(UpToDate.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(own) ? Hash.of(own) : own + File.separator;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** What a JDK says about itself, or where it is when it says nothing. */
  private static String release(Path jdk) throws IOException {
    Path file = jdk.resolve("release");
    return Files.isRegularFile(file) ? Files.readString(file) : jdk.toString();
  }
}
