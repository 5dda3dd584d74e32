package dev.rr.build.init;

import dev.rr.build.BuildException;
import dev.rr.build.select.KnownPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A selection to begin with.
 *
 * @param plugins short names, in no order and perhaps without what they need
 * @param notes sentences for the user: what was left out, and why
 */
public record StartingPoint(List<String> plugins, List<String> notes) {
  public StartingPoint {
    plugins = plugins.stream().distinct().toList();
    notes = List.copyOf(notes);
  }

  /**
   * What a {@code velox.toml} names, or the {@code .rr.yaml} that is to be served needs.
   *
   * @throws BuildException when it is not there, or is neither
   */
  public static StartingPoint read(Path file, KnownPlugins known)
      throws BuildException, IOException {
    if (!Files.isRegularFile(file)) {
      throw new BuildException("rr.from: there is no file " + file);
    }
    return file.toString().endsWith(".toml")
        ? VeloxFile.read(file, known)
        : RrYaml.read(file, known);
  }
}
