package dev.rr.build.image;

import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What an image is put on. Immutable but for the configuration, which is the caller's.
 *
 * @param digest of its manifest, by which the same one is found again
 * @param config as its makers wrote it
 * @param layers from the lowest
 */
public record BaseImage(String digest, JsonObject config, List<Blob> layers) {
  /**
   * Takes one from a registry, or from what was taken before.
   *
   * @param platform {@code linux/amd64}, for example
   * @param cache a folder where blobs are kept
   */
  public static BaseImage pull(
      ImageName name, String platform, Path cache, Logins logins, Retries retries)
      throws BuildException, IOException, InterruptedException {
    Json json = new Json(name);
    Registry registry =
        new Registry(new RegistryClient(name, "pull", logins.find(name.host()), retries), cache);
    Blob manifest = registry.manifest(name.reference());
    JsonObject read = json.object(Files.readString(manifest.file()));
    if (read.has("manifests")) {
      manifest = registry.manifest(choose(json, read, platform));
      read = json.object(Files.readString(manifest.file()));
    }
    Blob config = registry.blob(json.object(read, "config"));
    JsonObject about = json.object(Files.readString(config.file()));
    String found = platform(json, about);
    if (!found.equals("/") && !found.equals(platform)) {
      throw notFor(name, platform, found);
    }
    List<Blob> layers = new ArrayList<>();
    for (JsonObject layer : json.objects(read, "layers")) {
      layers.add(registry.blob(layer));
    }
    return new BaseImage(manifest.digest(), about, List.copyOf(layers));
  }

  /** Empty on both sides of the slash where nothing is said. */
  private static String platform(Json json, JsonObject of) {
    return json.textOrEmpty(of, "os") + "/" + json.textOrEmpty(of, "architecture");
  }

  private static BuildException notFor(ImageName name, String platform, String found) {
    return new BuildException(
        "rr.platform: %s is not made for %s; it is for %s".formatted(name, platform, found));
  }

  private static String choose(Json json, JsonObject index, String platform) throws BuildException {
    TreeSet<String> all = new TreeSet<>();
    for (JsonObject entry : json.objects(index, "manifests")) {
      if (entry.has("platform")) {
        String found = platform(json, json.object(entry, "platform"));
        if (found.equals(platform)) {
          return json.text(entry, "digest");
        }
        all.add(found);
      }
    }
    throw notFor(json.name(), platform, String.join(", ", all));
  }
}
