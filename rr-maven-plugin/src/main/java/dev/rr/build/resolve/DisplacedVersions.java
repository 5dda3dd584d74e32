package dev.rr.build.resolve;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.jspecify.annotations.Nullable;

/**
 * Finds plugins of others that get another version of a shared library than they were compiled
 * with. rr fixes the versions of what its plugins share; one that wants a newer one, or another
 * major version, may miss a class or a method only when it runs.
 */
final class DisplacedVersions {
  private static final Pattern MAJOR = Pattern.compile("[0-9]+");

  private DisplacedVersions() {}

  /**
   * Looks below every plugin that is not rr's own, as rr's are tested with what they get.
   *
   * @param root of a tree that keeps the versions from before they were fixed
   * @param decided keys of artifacts whose version the user's project fixes itself
   * @return a sentence for each, sorted
   */
  static List<String> of(DependencyNode root, Set<String> decided) {
    Set<String> found = new TreeSet<>();
    for (DependencyNode plugin : root.getChildren()) {
      if (!isOwn(plugin)) {
        look(plugin, decided, found);
      }
    }
    return List.copyOf(found);
  }

  private static void look(DependencyNode plugin, Set<String> decided, Set<String> found) {
    ArrayDeque<DependencyNode> queue = new ArrayDeque<>(List.of(plugin));
    while (!queue.isEmpty()) {
      DependencyNode node = queue.removeFirst();
      String wanted = wanted(node);
      String key = Conflicts.key(node.getArtifact());
      if (wanted != null && !decided.contains(key)) {
        String got = node.getArtifact().getBaseVersion();
        if (isNewer(wanted, got) || !major(wanted).equals(major(got))) {
          found.add(text(plugin, key, wanted, got));
        }
      }
      // What rr's own artifacts bring goes with them.
      if (!isOwn(node)) {
        queue.addAll(new ArrayList<>(node.getChildren()));
      }
    }
  }

  private static boolean isOwn(DependencyNode node) {
    return node.getArtifact().getGroupId().equals(MavenResolver.GROUP);
  }

  /**
   * The version before it was fixed; null when it was not. Only a constant of the resolver's
   * utilities is used here: Maven 3.8 shows their classes to no plugin.
   */
  private static @Nullable String wanted(DependencyNode node) {
    return (node.getManagedBits() & DependencyNode.MANAGED_VERSION) != 0
            && node.getData().get(DependencyManagerUtils.NODE_DATA_PREMANAGED_VERSION)
                instanceof String version
        ? version
        : null;
  }

  private static boolean isNewer(String wanted, String got) {
    return new ComparableVersion(wanted).compareTo(new ComparableVersion(got)) > 0;
  }

  private static BigInteger major(String version) {
    Matcher matcher = MAJOR.matcher(version);
    return matcher.find() ? new BigInteger(matcher.group()) : BigInteger.ZERO;
  }

  private static String text(DependencyNode plugin, String key, String wanted, String got) {
    return "%s wants %s %s and would get %s, which %s. Choose a version of the plugin that goes with %s, or fix %s in <dependencyManagement> of the project that builds the file; -Drr.versions=warn builds all the same."
        .formatted(
            Conflicts.name(plugin.getArtifact()),
            key,
            wanted,
            got,
            isNewer(wanted, got) ? "is older" : "is another major version",
            got,
            key);
  }
}
