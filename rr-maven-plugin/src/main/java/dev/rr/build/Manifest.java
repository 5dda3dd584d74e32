package dev.rr.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What a build is made of where there is no pom, from {@value #FILE}:
 *
 * <pre>{@code
 * plugins: [http, com.acme:audit:1.2.0]   # as in rr.plugins; or preset: web, or both
 * version: 1.4.0                          # of the file; rr's own unless said
 * output: bin/rr                          # target/rr unless said
 * autoAdd: true                           # false unless said
 * repositories: {acme: https://repo.acme.example/maven}
 * embed: app                              # the PHP application in the file; none unless said
 * appExcludes: [storage/logs, "*.log"]    # what stays out of it
 * replace: {com.acme:audit: ../audit/target/classes}   # a jar, or a folder of classes
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param plugins as the user named them
 * @param preset the name of a preset, or empty
 * @param version empty when it is not said
 * @param output relative to the manifest's folder; empty when it is not said
 * @param embed relative to the manifest's folder; empty for none
 * @param appExcludes globs
 * @param repositories URLs by id, in the order of the file
 * @param replace files or folders by {@code groupId:artifactId}
 * @param places where each key stands, as {@code rr-build.yaml:3: output}
 */
public record Manifest(
    List<String> plugins,
    String preset,
    String version,
    String output,
    boolean autoAdd,
    String embed,
    List<String> appExcludes,
    Map<String, String> repositories,
    Map<String, Path> replace,
    Map<String, String> places) {
  /** Its name, in the folder that Maven runs in. */
  public static final String FILE = "rr-build.yaml";

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "plugins",
              "preset",
              "version",
              "output",
              "autoAdd",
              "embed",
              "appExcludes",
              "repositories",
              "replace"));

  /** Says nothing. */
  public static final Manifest EMPTY =
      new Manifest(List.of(), "", "", "", false, "", List.of(), Map.of(), Map.of(), Map.of());

  /** The one of a folder; {@link #EMPTY} where there is none. */
  public static Manifest in(Path folder) throws BuildException, IOException {
    Path file = folder.resolve(FILE);
    return Files.isRegularFile(file) ? read(file) : EMPTY;
  }

  /**
   * Reads one.
   *
   * @throws BuildException with everything in it that cannot be
   */
  public static Manifest read(Path file) throws BuildException, IOException {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    Object root;
    Map<String, Integer> lines = new TreeMap<>();
    try {
      Optional<Node> node = new Compose(settings).composeString(TextFile.read(file));
      root = new StandardConstructor(settings).constructSingleDocument(node);
      node.ifPresent(each -> addLines("", each, lines));
    } catch (YamlEngineException e) {
      throw new BuildException("%s cannot be read: %s".formatted(file, e.getMessage()));
    } catch (StackOverflowError e) {
      throw new BuildException(file + " cannot be read: it is nested too deeply");
    }
    Reader reader = new Reader(file, root, lines);
    Manifest manifest = reader.manifest();
    if (!reader.problems.isEmpty()) {
      throw new BuildException(reader.problems);
    }
    return manifest;
  }

  /** Where keys stand, by their paths; from 1. */
  private static void addLines(String before, Node node, Map<String, Integer> lines) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          String path = before + key.getValue();
          key.getStartMark().ifPresent(mark -> lines.putIfAbsent(path, mark.getLine() + 1));
          // No deeper: keys have two levels, and nodes may hold themselves by an anchor.
          if (before.isEmpty()) {
            addLines(path + ".", tuple.getValueNode(), lines);
          }
        }
      }
    }
  }

  private static final class Reader {
    private final Path file;
    private final Map<String, Integer> lines;
    private final Map<?, ?> root;
    private final List<String> problems = new ArrayList<>();

    Reader(Path file, @Nullable Object root, Map<String, Integer> lines) {
      this.file = file;
      this.lines = lines;
      this.root = map("", root);
    }

    Manifest manifest() {
      for (Object key : root.keySet()) {
        if (!KEYS.contains(String.valueOf(key))) {
          List<String> near = Suggestions.to(String.valueOf(key), KEYS);
          problem(
              String.valueOf(key),
              "is no key; there are "
                  + String.join(", ", KEYS)
                  + (near.isEmpty() ? "" : "; did you mean " + near.get(0) + "?"));
        }
      }
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
      Map<String, Path> replace = new TreeMap<>();
      map("replace", root.get("replace"))
          .forEach((name, path) -> replace.put(String.valueOf(name), existing(name, path, folder)));
      Map<String, String> repositories = new LinkedHashMap<>();
      map("repositories", root.get("repositories"))
          .forEach((id, url) -> repositories.put(String.valueOf(id), String.valueOf(url)));
      return new Manifest(
          texts("plugins"),
          text("preset"),
          text("version"),
          text("output"),
          flag("autoAdd"),
          text("embed"),
          texts("appExcludes"),
          repositories,
          replace,
          places());
    }

    private Map<String, String> places() {
      Map<String, String> places = new TreeMap<>();
      lines.keySet().forEach(key -> places.put(key, place(key) + key));
      return places;
    }

    private Path existing(Object name, @Nullable Object path, Path folder) {
      Path there = folder.resolve(String.valueOf(path)).normalize();
      if (!String.valueOf(name).matches("[^:]+:[^:]+")) {
        problem("replace." + name, "is no groupId:artifactId");
      } else if (!Files.exists(there)) {
        problem("replace." + name, "there is no file or folder " + there);
      }
      return there;
    }

    private List<String> texts(String key) {
      Object value = root.get(key);
      if (value == null) {
        return List.of();
      }
      if (value instanceof List<?> list) {
        return list.stream().map(String::valueOf).toList();
      }
      problem(key, "has to be a list, as [a, b], and is " + shown(value));
      return List.of();
    }

    private String text(String key) {
      Object value = root.get(key);
      if (value instanceof List<?> || value instanceof Map<?, ?>) {
        problem(key, "has to be text, and is " + shown(value));
        return "";
      }
      return value == null ? "" : String.valueOf(value);
    }

    private boolean flag(String key) {
      Object value = root.get(key);
      if (value != null && !(value instanceof Boolean)) {
        problem(key, "has to be true or false, and is " + shown(value));
      }
      return Boolean.TRUE.equals(value);
    }

    private Map<?, ?> map(String key, @Nullable Object value) {
      if (value != null && !(value instanceof Map<?, ?>)) {
        problem(key, "has to be keys with values, and is " + shown(value));
      }
      return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** A scalar without the password of an address; of what holds others, its kind. */
    private static String shown(Object value) {
      if (value instanceof List<?>) {
        return "a list";
      }
      return value instanceof Map<?, ?>
          ? "keys with values"
          : String.valueOf(value).replaceAll("//[^/@\\s]*@", "//***@");
    }

    private void problem(String key, String text) {
      problems.add(place(key) + (key.isEmpty() ? "" : key + " ") + text);
    }

    private String place(String key) {
      Integer line = lines.get(key);
      return file + (line == null ? "" : ":" + line) + ": ";
    }
  }
}
