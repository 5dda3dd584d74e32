package dev.rr.build.image;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An image whose parts are files. Immutable.
 *
 * @param platform that it is for, as an index tells it
 * @param layers from the lowest
 */
public record BuiltImage(JsonObject platform, List<Blob> layers, Blob config, Blob manifest) {
  /** What the manifest names. */
  List<Blob> parts() {
    List<Blob> all = new ArrayList<>(layers);
    all.add(config);
    return all;
  }
}
