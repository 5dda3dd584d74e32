package dev.rr.build.image;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.build.FolderListing;
import dev.rr.build.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Puts folders as layers on a base image. Its bytes depend on what is in it, and on the compressor
 * of the JDK that Maven runs on. One thread.
 */
public final class Image {
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CREATED = "1970-01-01T00:00:01Z";
  private static final int BUFFER = 1 << 16;
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final BaseImage base;
  private final Path work;
  private final List<Blob> layers = new ArrayList<>();
  private final List<Added> added = new ArrayList<>();

  /**
   * A folder.
   *
   * @param at where it is in the image
   * @param id the digest of its layer before that was compressed
   */
  private record Added(String at, String id) {}

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

  /**
   * Adds a folder as a layer, without what is not a file, a folder or a link.
   *
   * @param at where it shall be, as {@code /app}
   * @param excludes what stays behind, as {@link FolderListing} has it
   */
  public void add(Path folder, String at, List<String> excludes)
      throws BuildException, IOException {
    FolderListing listing = FolderListing.of(folder, excludes);
    Path file = work.resolve("layer-" + layers.size());
    MessageDigest digest = sha256();
    OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), BUFFER);
    try (TarWriter tar =
        new TarWriter(new BufferedOutputStream(new DigestOutputStream(out, digest), BUFFER))) {
      String name = at.substring(1);
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        tar.folder(name.substring(0, slash));
      }
      tar.folder(name);
      listing.write(tar, name + "/");
    }
    layers.add(Blob.of(LAYER, file));
    added.add(new Added(at, "sha256:" + HexFormat.of().formatHex(digest.digest())));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
    return new BuiltImage(List.copyOf(layers), config, blob("manifest", MANIFEST, manifest));
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
    for (Added folder : added) {
      ids.add(folder.id());
      JsonObject step = new JsonObject();
      step.addProperty("created", CREATED);
      step.addProperty("created_by", "rr:image " + folder.at());
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
