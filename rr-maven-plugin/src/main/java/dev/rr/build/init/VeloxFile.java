package dev.rr.build.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the plugins of a {@code velox.toml}, in its older form ({@code [github.plugins]}, {@code
 * [gitlab.plugins]} with owner and repository) and in the newer one ({@code [plugins]} with a
 * module's name). Versions are Go's and say nothing here.
 */
final class VeloxFile {
  /** Repositories of RoadRunner whose plugins are called otherwise here. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("prometheus", "http-metrics", "send", "sendfile");

  /** What velox puts into every build, and what rr needs for the same. */
  private static final List<String> ALWAYS = List.of("config", "informer", "resetter", "rpc");

  private final KnownPlugins known;
  private final List<String> plugins = new ArrayList<>(ALWAYS);
  private final List<String> notes = new ArrayList<>();

  private VeloxFile(KnownPlugins known) {
    this.known = known;
  }

  /** Reads one. */
  static StartingPoint read(Path file, KnownPlugins known) throws BuildException, IOException {
    JsonNode root;
    try {
      root = new TomlMapper().readTree(TextFile.read(file));
    } catch (JsonProcessingException e) {
      throw new BuildException("%s cannot be read: %s".formatted(file, e.getOriginalMessage()));
    }
    VeloxFile velox = new VeloxFile(known);
    velox.read(root, file);
    return new StartingPoint(velox.plugins, velox.notes);
  }

  private void read(JsonNode root, Path file) throws BuildException {
    List<JsonNode> lists =
        List.of(root.path("plugins"), root.at("/github/plugins"), root.at("/gitlab/plugins"));
    if (lists.stream().allMatch(list -> !list.isObject() || list.isEmpty())) {
      throw new BuildException(
          "%s names no plugins: there is none below plugins, github.plugins or gitlab.plugins"
              .formatted(file));
    }
    for (JsonNode list : lists) {
      list.fields().forEachRemaining(plugin -> add(plugin.getKey(), plugin.getValue()));
    }
    for (String list : List.of("replaces", "excludes")) {
      if (root.path(list).size() > 0) {
        notes.add(list + " is about Go modules and is left out");
      }
    }
    if (!root.at("/github/token/token").isMissingNode()
        || !root.at("/gitlab/token/token").isMissingNode()) {
      notes.add("the token is not needed: Maven's settings have what private repositories ask for");
    }
  }

  private void add(String name, JsonNode plugin) {
    String module = plugin.path("module_name").asText("");
    String repository =
        module.isEmpty()
            ? plugin.path("repository").asText(name)
            : module.replaceFirst("/v[0-9]+$", "").replaceFirst(".*/", "");
    boolean upstream =
        module.isEmpty()
            ? plugin.path("owner").asText("").equals("roadrunner-server")
            : module.contains("github.com/roadrunner-server/");
    Optional<CatalogueEntry> entry = known.find(OTHER_NAMES.getOrDefault(repository, repository));
    if (entry.isPresent()) {
      plugins.add(KnownPlugins.shortName(entry.get()));
    } else {
      notes.add(
          upstream
              ? "%s (%s): rr has no such plugin, it is left out".formatted(name, repository)
              : "%s (%s) is somebody else's and written in Go: it is left out"
                  .formatted(name, module.isEmpty() ? repository : module));
    }
  }
}
