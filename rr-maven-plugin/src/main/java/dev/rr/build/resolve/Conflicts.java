package dev.rr.build.resolve;

import dev.rr.build.BuildException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.DependencyNode;

/** Finds libraries that two plugins want in different versions; one file can hold one of them. */
final class Conflicts {
  private Conflicts() {}

  /** What must be the same in the whole file: everything of an artifact but its version. */
  static String key(Artifact artifact) {
    return artifact.getGroupId()
        + ":"
        + artifact.getArtifactId()
        + (artifact.getClassifier().isEmpty() ? "" : ":" + artifact.getClassifier());
  }

  /**
   * Looks below every plugin.
   *
   * @throws BuildException with every conflict
   */
  static void check(DependencyNode root) throws BuildException {
    Map<String, Map<String, String>> wanted = new TreeMap<>();
    for (DependencyNode plugin : root.getChildren()) {
      nearest(plugin)
          .forEach((key, version) ->
              wanted
                  .computeIfAbsent(key, k -> new TreeMap<>())
                  .put(name(plugin.getArtifact()), version));
    }
    List<String> problems = new ArrayList<>();
    wanted.forEach((key, byPlugin) -> {
      if (byPlugin.values().stream().distinct().count() > 1) {
        problems.add(text(key, byPlugin));
      }
    });
    if (!problems.isEmpty()) {
      throw new BuildException(problems);
    }
  }

  /** Of each artifact the version that this plugin alone would get: the one fewest steps away. */
  private static Map<String, String> nearest(DependencyNode plugin) {
    Map<String, String> versions = new TreeMap<>();
    ArrayDeque<DependencyNode> queue = new ArrayDeque<>(List.of(plugin));
    while (!queue.isEmpty()) {
      DependencyNode node = queue.removeFirst();
      versions.putIfAbsent(key(node.getArtifact()), node.getArtifact().getBaseVersion());
      queue.addAll(node.getChildren());
    }
    return versions;
  }

  private static String text(String key, Map<String, String> byPlugin) {
    String who =
        byPlugin.entrySet().stream()
            .map(e -> e.getValue() + " (" + e.getKey() + ")")
            .collect(Collectors.joining(", "));
    return key
        + " is wanted in different versions: "
        + who
        + ". One file holds one of them: fix it in <dependencyManagement> of the project that"
        + " builds the file.";
  }

  /** Coordinates with the version that was asked for. */
  static String name(Artifact artifact) {
    return key(artifact) + ":" + artifact.getBaseVersion();
  }
}
