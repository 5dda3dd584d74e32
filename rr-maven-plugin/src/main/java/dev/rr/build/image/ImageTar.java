package dev.rr.build.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Replaceable;
import dev.rr.build.archive.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An image, or an index of several, in one tar, which is an OCI image layout; with a single image
 * also what {@code docker load} takes that has no containerd behind it.
 *
 * @param name by which it is known when it is loaded, as {@code shop:1.0}
 */
public record ImageTar(PlatformImages images, String name) {
  /** The first name in each. */
  private static final String FIRST = "blobs";

  /**
   * Fails where something is that this has not written.
   *
   * @param key by which the user named the place
   */
  public static void requireReplaceable(String key, Path output)
      throws BuildException, IOException {
    Replaceable.requireFile(
        key,
        output,
        "no tar that rr:image wrote, which is all that it replaces",
        file -> Files.isRegularFile(file) && (Files.size(file) == 0 || begins(file, FIRST + "/")));
  }

  private static boolean begins(Path file, String text) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = text.getBytes(StandardCharsets.US_ASCII);
      return Arrays.equals(in.readNBytes(first.length), first);
    }
  }

  /**
   * Writes it.
   *
   * @param output replaced when the new one is whole
   */
  public void write(Path output) throws IOException {
    Path target = output.toAbsolutePath();
    Path folder = Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Path work = Files.createTempDirectory(folder, ".rr-image-");
    Path fresh = work.resolve("image.tar");
    try {
      TreeMap<String, Blob> blobs = new TreeMap<>();
      Stream.of(images.parts(), images.manifests(), List.of(images.top()))
          .flatMap(List::stream)
          .forEach(blob -> blobs.put(blob.path(), blob));
      try (TarWriter tar = new TarWriter(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
        tar.folder(FIRST);
        tar.folder("blobs/sha256");
        for (Map.Entry<String, Blob> blob : blobs.entrySet()) {
          tar.file(blob.getKey(), blob.getValue().file(), false);
        }
        tar.file("index.json", Image.bytes(index()));
        if (images.manifests().isEmpty()) {
          tar.file("manifest.json", Image.bytes(forDocker(images.images().get(0))));
        }
        tar.file(
            "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      }
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw BuildException.at(output, e);
    } finally {
      Folders.delete(work);
    }
  }

  private JsonObject index() {
    JsonObject annotations = new JsonObject();
    annotations.addProperty("io.containerd.image.name", name);
    annotations.addProperty(
        "org.opencontainers.image.ref.name", name.replaceFirst(".*:(?=[^/]*$)", ""));
    JsonObject descriptor = images.top().descriptor();
    descriptor.add("annotations", annotations);
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.addProperty("mediaType", PlatformImages.INDEX);
    index.add("manifests", array(descriptor));
    return index;
  }

  /** What Docker's own store reads, which knows no platforms. */
  private JsonArray forDocker(BuiltImage image) {
    JsonArray paths = new JsonArray();
    image.layers().forEach(layer -> paths.add(layer.path()));
    JsonArray names = new JsonArray();
    names.add(name);
    JsonObject docker = new JsonObject();
    docker.addProperty("Config", image.config().path());
    docker.add("RepoTags", names);
    docker.add("Layers", paths);
    return array(docker);
  }

  private static JsonArray array(JsonElement one) {
    JsonArray out = new JsonArray();
    out.add(one);
    return out;
  }
}
