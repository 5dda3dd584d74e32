package dev.rr.build.image;

import java.util.ArrayList;
import java.util.List;

/**
 * An image whose parts are files. Immutable.
 *
 * @param layers from the lowest
 */
public record BuiltImage(List<Blob> layers, Blob config, Blob manifest) {
  /** By which it is known for ever. */
  public String digest() {
    return manifest.digest();
  }

  /** What the manifest names, each once. */
  List<Blob> parts() {
    List<Blob> all = new ArrayList<>(layers);
    all.add(config);
    return all.stream().distinct().toList();
  }
}
