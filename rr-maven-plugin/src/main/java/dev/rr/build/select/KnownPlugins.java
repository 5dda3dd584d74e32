package dev.rr.build.select;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.archive.Archive;
import dev.rr.processor.root.CatalogueEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Every plugin of rr itself, from the catalogue. Immutable. */
public final class KnownPlugins {
  /** Where the catalogue stands in its jar. */
  public static final String PATH = "META-INF/rr/catalogue.json";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final String PREFIX = "rr-plugin-";

  private final List<CatalogueEntry> entries;

  /** Of these. */
  public KnownPlugins(Collection<CatalogueEntry> entries) {
    this.entries = entries.stream().sorted(Comparator.comparing(CatalogueEntry::id)).toList();
  }

  /** Reads a catalogue from a jar or a folder. */
  public static KnownPlugins read(Path file) throws BuildException {
    try (Archive archive = Archive.open(file)) {
      Archive.Entry entry =
          archive
              .find(PATH)
              .orElseThrow(() -> new BuildException("The catalogue " + file + " has no " + PATH));
      return parse(new String(entry.content(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new BuildException("Cannot read the catalogue " + file + ": " + e.getMessage());
    }
  }

  static KnownPlugins parse(String json) {
    JsonArray plugins = JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("plugins");
    return new KnownPlugins(
        StreamSupport.stream(plugins.spliterator(), false).map(KnownPlugins::entry).toList());
  }

  /** The catalogue as JSON that ends in a newline. */
  public String toJson() {
    JsonArray plugins = new JsonArray();
    entries.forEach(e -> plugins.add(GSON.toJsonTree(e)));
    JsonObject root = new JsonObject();
    root.add("plugins", plugins);
    return GSON.toJson(root) + "\n";
  }

  /** All, by id. */
  public List<CatalogueEntry> entries() {
    return entries;
  }

  /**
   * The plugin that is called so in {@code rr.plugins}: by the end of its artifactId, or by its id.
   */
  public Optional<CatalogueEntry> find(String name) {
    String wanted = name.replace('_', '-');
    return entries.stream()
        .filter(e -> shortName(e).equals(wanted) || e.id().replace('_', '-').equals(wanted))
        .findFirst();
  }

  /** The plugin at {@code groupId:artifactId}. */
  public Optional<CatalogueEntry> at(String key) {
    return entries.stream().filter(e -> e.coordinates().startsWith(key + ":")).findFirst();
  }

  /** Plugins that offer the contract, by id. */
  public List<CatalogueEntry> offering(String contract) {
    return entries.stream().filter(e -> e.offers(contract)).toList();
  }

  /** The names that {@link #find} knows and messages use, sorted. */
  public List<String> names() {
    return entries.stream().map(KnownPlugins::shortName).sorted().toList();
  }

  /** What a plugin is called in {@code rr.plugins}. */
  public static String shortName(CatalogueEntry entry) {
    return shortName(entry.coordinates());
  }

  /** As {@link #shortName(CatalogueEntry)}, by {@code groupId:artifactId:version}. */
  public static String shortName(String coordinates) {
    String artifact = coordinates.split(":", -1)[1];
    return artifact.startsWith(PREFIX) ? artifact.substring(PREFIX.length()) : artifact;
  }

  private static CatalogueEntry entry(JsonElement element) {
    JsonObject o = element.getAsJsonObject();
    return new CatalogueEntry(
        o.get("id").getAsString(),
        o.get("coordinates").getAsString(),
        strings(o.getAsJsonArray("needs")),
        offers(o.getAsJsonArray("offers")),
        strings(o.getAsJsonArray("sections")),
        o.get("description").getAsString());
  }

  private static List<CatalogueEntry.Offer> offers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(o ->
            new CatalogueEntry.Offer(o.get("contract").getAsString(), o.get("name").getAsString()))
        .toList();
  }

  private static List<String> strings(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsString).toList();
  }
}
