package dev.rr.build.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
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
   * @param docker the folder of Docker's own configuration, in which logins are looked for
   */
  public static BaseImage pull(ImageName name, String platform, Path cache, Path docker)
      throws BuildException, IOException, InterruptedException {
    Registry registry = new Registry(name, cache, login(name, docker));
    Blob manifest = registry.manifest(name.reference());
    JsonObject read = registry.object(Files.readString(manifest.file()));
    if (read.has("manifests")) {
      manifest = registry.manifest(choose(name, read, platform));
      read = registry.object(Files.readString(manifest.file()));
    }
    if (!read.has("config") || !read.has("layers")) {
      throw new BuildException(name + " has a manifest without config and layers");
    }
    Blob config = registry.blob(read.getAsJsonObject("config"));
    JsonObject about = registry.object(Files.readString(config.file()));
    String found = platform(about);
    if (!found.equals("/") && !found.equals(platform)) {
      throw notFor(name, platform, found);
    }
    List<Blob> layers = new ArrayList<>();
    for (JsonElement layer : read.getAsJsonArray("layers")) {
      layers.add(registry.blob(layer.getAsJsonObject()));
    }
    return new BaseImage(manifest.digest(), about, List.copyOf(layers));
  }

  /** Empty on both sides of the slash where nothing is said. */
  private static String platform(JsonObject of) {
    return text(of, "os") + "/" + text(of, "architecture");
  }

  private static String text(JsonObject of, String key) {
    return of.has(key) ? of.get(key).getAsString() : "";
  }

  private static BuildException notFor(ImageName name, String platform, String found) {
    return new BuildException(
        "rr.platform: %s is not made for %s; it is for %s".formatted(name, platform, found));
  }

  private static String choose(ImageName name, JsonObject index, String platform)
      throws BuildException {
    TreeSet<String> all = new TreeSet<>();
    for (JsonElement entry : index.getAsJsonArray("manifests")) {
      JsonObject of = entry.getAsJsonObject().getAsJsonObject("platform");
      if (of != null) {
        String found = platform(of);
        if (found.equals(platform)) {
          return entry.getAsJsonObject().get("digest").getAsString();
        }
        all.add(found);
      }
    }
    throw notFor(name, platform, String.join(", ", all));
  }

  /** Of {@code docker login}, where it is kept in the file and not by a helper. */
  private static String login(ImageName name, Path docker) throws BuildException, IOException {
    Path file = docker.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return "";
    }
    String host =
        name.host().equals("registry-1.docker.io") ? "https://index.docker.io/v1/" : name.host();
    try {
      JsonObject auths =
          JsonParser.parseString(Files.readString(file)).getAsJsonObject().getAsJsonObject("auths");
      JsonObject auth = auths == null ? null : auths.getAsJsonObject(host);
      String login = auth == null || !auth.has("auth") ? "" : auth.get("auth").getAsString();
      // Fails here, and not as a header.
      return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(login));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | ClassCastException
        | UnsupportedOperationException e) {
      // Without the cause's words, which may quote a password.
      throw new BuildException(
          "%s holds no login for %s in the form of docker login".formatted(file, host));
    }
  }
}
