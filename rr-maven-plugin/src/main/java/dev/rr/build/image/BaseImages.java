package dev.rr.build.image;

import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What the name of a base stands for: an image, or one for each of some platforms. A tag is asked
 * for once, as it may stand for something else a moment later. One thread.
 */
public final class BaseImages {
  private final Json json;
  private final Registry registry;
  private final Blob top;
  private final JsonObject content;

  private BaseImages(Json json, Registry registry, Blob top, JsonObject content) {
    this.json = json;
    this.registry = registry;
    this.top = top;
    this.content = content;
  }

  /**
   * Asks a registry.
   *
   * @param cache a folder where blobs are kept
   */
  public static BaseImages find(ImageName name, Path cache, Logins logins, Retries retries)
      throws BuildException, IOException, InterruptedException {
    Json json = new Json(name);
    Registry registry =
        new Registry(new RegistryClient(name, "pull", logins.find(name.host()), retries), cache);
    Blob top = registry.manifest(name.reference());
    return new BaseImages(json, registry, top, json.object(TextFile.read(top.file())));
  }

  /** By which the same ones are found again. */
  public String digest() {
    return top.digest();
  }

  /**
   * Takes one from the registry, or from what was taken before.
   *
   * @param platform {@code linux/amd64}, for example
   */
  public BaseImage pull(String platform) throws BuildException, IOException, InterruptedException {
    Blob manifest = content.has("manifests") ? registry.manifest(choose(platform)) : top;
    JsonObject parts = json.object(TextFile.read(manifest.file()));
    Blob config = registry.config(json.object(parts, "config"));
    JsonObject about = json.object(TextFile.read(config.file()));
    String found = platform(about);
    if (!found.equals("/") && !found.equals(platform)) {
      throw notFor(platform, found);
    }
    List<Blob> layers = new ArrayList<>();
    for (JsonObject layer : json.objects(parts, "layers")) {
      layers.add(registry.blob(layer));
    }
    return new BaseImage(
        manifest.digest(),
        described(platform, json.textOrEmpty(about, "variant")),
        about,
        List.copyOf(layers));
  }

  private static JsonObject described(String platform, String variant) {
    int slash = platform.indexOf('/');
    JsonObject out = new JsonObject();
    out.addProperty("architecture", platform.substring(slash + 1));
    out.addProperty("os", platform.substring(0, slash));
    if (!variant.isEmpty()) {
      out.addProperty("variant", variant);
    }
    return out;
  }

  /** Empty on both sides of the slash where nothing is said. */
  private String platform(JsonObject of) {
    return json.textOrEmpty(of, "os") + "/" + json.textOrEmpty(of, "architecture");
  }

  private BuildException notFor(String platform, String found) {
    return new BuildException(
        "rr.platform: %s is not made for %s; it is for %s".formatted(json.name(), platform, found));
  }

  private String choose(String platform) throws BuildException {
    TreeSet<String> all = new TreeSet<>();
    for (JsonObject entry : json.objects(content, "manifests")) {
      if (entry.has("platform")) {
        String found = platform(json.object(entry, "platform"));
        if (found.equals(platform)) {
          return json.text(entry, "digest");
        }
        all.add(found);
      }
    }
    throw notFor(platform, String.join(", ", all));
  }
}
