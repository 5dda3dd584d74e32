package dev.rr.build.image;

import com.google.gson.JsonObject;
import dev.rr.build.archive.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of an image.
 *
 * @param type its media type
 * @param digest {@code sha256:} and the hash in hexadecimal digits
 * @param size in bytes
 * @param file where it is
 */
record Blob(String type, String digest, long size, Path file) {
  static Blob of(String type, Path file) throws IOException {
    return new Blob(type, "sha256:" + Hash.of(file), Files.size(file), file);
  }

  /** Its name in an image layout. */
  String path() {
    return "blobs/" + digest.replace(':', '/');
  }

  JsonObject descriptor() {
    JsonObject out = new JsonObject();
    out.addProperty("mediaType", type);
    out.addProperty("digest", digest);
    out.addProperty("size", size);
    return out;
  }
}
