package dev.rr.build.image;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts layers on a base image. One thread. */
public final class Image {
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CREATED = "1970-01-01T00:00:01Z";
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final BaseImage base;
  private final Path work;
  private final List<Blob> layers = new ArrayList<>();
  private final List<Layer> added = new ArrayList<>();

  /**
   * Begins one.
   *
   * @param work an empty folder; the caller deletes it
   */
  public Image(BaseImage base, Path work) {
    this.base = base;
    this.work = work;
    layers.addAll(base.layers());
  }

  /** Adds a layer on top. */
  public void add(Layer layer) {
    layers.add(layer.blob());
    added.add(layer);
  }

  /**
   * The image with what was added.
   *
   * @param entry what a container runs
   * @param arguments what it runs that with unless told
   * @param folder where it runs
   */
  public BuiltImage build(List<String> entry, List<String> arguments, String folder)
      throws IOException {
    Blob config = blob("config", CONFIG, config(entry, arguments, folder));
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schemaVersion", 2);
    manifest.addProperty("mediaType", MANIFEST);
    manifest.add("config", config.descriptor());
    JsonArray all = new JsonArray();
    layers.forEach(layer -> all.add(layer.descriptor()));
    manifest.add("layers", all);
    return new BuiltImage(
        base.platform(), List.copyOf(layers), config, blob("manifest", MANIFEST, manifest));
  }

  private JsonObject config(List<String> entry, List<String> arguments, String place) {
    JsonObject config = base.config().deepCopy();
    config.addProperty("created", CREATED);
    JsonObject run = object(config, "config");
    run.add("Entrypoint", texts(entry));
    run.add("Cmd", texts(arguments));
    run.addProperty("WorkingDir", place);
    JsonObject files = object(config, "rootfs");
    files.addProperty("type", "layers");
    JsonArray ids = list(files, "diff_ids");
    JsonArray history = list(config, "history");
    for (Layer layer : added) {
      ids.add(layer.id());
      JsonObject step = new JsonObject();
      step.addProperty("created", CREATED);
      step.addProperty("created_by", "rr:image " + layer.at());
      history.add(step);
    }
    return config;
  }

  private static JsonObject object(JsonObject parent, String key) {
    if (!parent.has(key) || !parent.get(key).isJsonObject()) {
      parent.add(key, new JsonObject());
    }
    return parent.getAsJsonObject(key);
  }

  private static JsonArray list(JsonObject parent, String key) {
    if (!parent.has(key) || !parent.get(key).isJsonArray()) {
      parent.add(key, new JsonArray());
    }
    return parent.getAsJsonArray(key);
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray out = new JsonArray();
    texts.forEach(out::add);
    return out;
  }

  private Blob blob(String name, String type, JsonObject content) throws IOException {
    return Blob.of(type, Files.write(work.resolve(name), bytes(content)));
  }

  /** As it is hashed. */
  static byte[] bytes(JsonElement content) {
    return GSON.toJson(content).getBytes(StandardCharsets.UTF_8);
  }
}
