package dev.rr.processor.root;

import dev.rr.processor.descriptor.Descriptor;

/**
 * A plugin of a selection.
 *
 * @param descriptor what its jar says about it
 * @param coordinates where it came from: {@code groupId:artifactId:version}
 */
public record SelectedPlugin(Descriptor descriptor, String coordinates) {
  /** The plugin's id. */
  public String id() {
    return descriptor.id();
  }

  /** The version of its artifact. */
  public String version() {
    return coordinates.substring(coordinates.lastIndexOf(':') + 1);
  }
}
