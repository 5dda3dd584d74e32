package dev.rr.build.select;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.archive.Archive;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what plugins say about themselves; loads no class. */
public final class DescriptorReader {
  private static final String ANNOTATION = "Ldev/rr/annotation/Plugin;";

  private DescriptorReader() {}

  /** The plugins in an artifact, by id; what cannot be read becomes a problem. */
  public static List<SelectedPlugin> read(Input input, List<String> problems)
      throws BuildException {
    try (Archive archive = Archive.open(input.file())) {
      List<SelectedPlugin> members = new ArrayList<>();
      for (Archive.Entry entry : archive.entries()) {
        if (isDescriptor(entry.name())) {
          read(input, entry, members, problems);
        }
      }
      return members;
    } catch (IOException e) {
      throw new BuildException("Cannot read " + input.coordinates() + ": " + e.getMessage());
    }
  }

  /** Whether a class in it is annotated with {@code @Plugin}. */
  public static boolean hasAnnotatedClass(Input input) throws BuildException {
    try (Archive archive = Archive.open(input.file())) {
      for (Archive.Entry entry : archive.entries()) {
        // The annotation's name stands as plain text in the class file's constants.
        if (entry.name().endsWith(".class")
            && new String(entry.content(), StandardCharsets.ISO_8859_1).contains(ANNOTATION)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new BuildException("Cannot read " + input.coordinates() + ": " + e.getMessage());
    }
  }

  private static void read(
      Input input, Archive.Entry entry, List<SelectedPlugin> members, List<String> problems)
      throws IOException {
    String json = new String(entry.content(), StandardCharsets.UTF_8);
    try {
      Descriptor descriptor = Descriptors.fromJson(json);
      Coordinates c = input.coordinates();
      members.add(new SelectedPlugin(descriptor, c.key() + ":" + c.version()));
    } catch (IllegalArgumentException e) {
      problems.add(
          input.coordinates()
              + ": cannot read "
              + entry.name()
              + ": "
              + e.getMessage()
              + ". Build it with the rr-processor of the version of rr-maven-plugin.");
    }
  }

  private static boolean isDescriptor(String name) {
    return name.startsWith(Descriptors.FOLDER) && name.endsWith(".json");
  }
}
