package dev.rr.build.init;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.processor.base.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Selections with a name, from {@code META-INF/rr/presets.json}. Immutable. */
public final class Presets {
  private static final String FILE = "/META-INF/rr/presets.json";

  private final Map<String, List<String>> byName = new TreeMap<>();

  /** Those that this jar holds. */
  public Presets() {
    try (InputStream in = Presets.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is not in this jar");
      }
      JsonObject all =
          JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
              .getAsJsonObject();
      all.entrySet()
          .forEach(preset -> {
            List<String> plugins = new ArrayList<>();
            for (JsonElement plugin : preset.getValue().getAsJsonArray()) {
              plugins.add(plugin.getAsString());
            }
            byName.put(preset.getKey(), List.copyOf(plugins));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Their names, sorted. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * The plugins of one, as short names.
   *
   * @throws BuildException when there is none of this name
   */
  public List<String> plugins(String name) throws BuildException {
    List<String> plugins = byName.get(name);
    if (plugins == null) {
      throw new BuildException(
          "rr.preset: there is no preset %s; there are %s%s"
              .formatted(
                  name,
                  String.join(", ", names()),
                  Spelling.nearest(name, names())
                      .map(near -> "; did you mean " + near + "?")
                      .orElse("")));
    }
    return plugins;
  }
}
