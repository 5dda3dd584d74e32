package dev.rr.build.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one name stands for: an image, or an index of images, one for each platform. Immutable.
 *
 * @param images one, or those of the index in its order
 * @param top what the name leads to: the image's manifest, or the index
 */
public record PlatformImages(List<BuiltImage> images, Blob top) {
  /** The media type of an index. */
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /**
   * Puts images under one name: several by an index, in this order; a single one needs none.
   *
   * @param file where the index is written
   */
  public static PlatformImages of(List<BuiltImage> images, Path file) throws IOException {
    return new PlatformImages(
        List.copyOf(images),
        images.size() == 1
            ? images.get(0).manifest()
            : Blob.of(INDEX, Files.write(file, Image.bytes(index(images)))));
  }

  private static JsonObject index(List<BuiltImage> images) {
    JsonArray manifests = new JsonArray();
    for (BuiltImage image : images) {
      JsonObject descriptor = image.manifest().descriptor();
      descriptor.add("platform", image.platform());
      manifests.add(descriptor);
    }
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.addProperty("mediaType", INDEX);
    index.add("manifests", manifests);
    return index;
  }

  /** By which it is known for ever. */
  public String digest() {
    return top.digest();
  }

  /** What manifests name, each once. */
  List<Blob> parts() {
    return images.stream().flatMap(image -> image.parts().stream()).distinct().toList();
  }

  /** What the index names; empty where there is none. */
  List<Blob> manifests() {
    return images.size() == 1 ? List.of() : images.stream().map(BuiltImage::manifest).toList();
  }
}
