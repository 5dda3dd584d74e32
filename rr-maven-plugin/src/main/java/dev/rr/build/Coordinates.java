package dev.rr.build;

import java.util.Comparator;

/**
 * Where an artifact is found.
 *
 * @param group its groupId
 * @param artifact its artifactId
 * @param version its version
 * @param classifier its classifier, or empty
 */
public record Coordinates(String group, String artifact, String version, String classifier)
    implements Comparable<Coordinates> {
  private static final Comparator<Coordinates> ORDER =
      Comparator.comparing(Coordinates::group)
          .thenComparing(Coordinates::artifact)
          .thenComparing(Coordinates::classifier)
          .thenComparing(Coordinates::version);

  /** Without a classifier. */
  public Coordinates(String group, String artifact, String version) {
    this(group, artifact, version, "");
  }

  /** {@code groupId:artifactId}. */
  public String key() {
    return group + ":" + artifact;
  }

  /** The artifactId, and the classifier if there is one. */
  public String name() {
    return classifier.isEmpty() ? artifact : artifact + "-" + classifier;
  }

  @Override
  public int compareTo(Coordinates other) {
    return ORDER.compare(this, other);
  }

  /** {@code groupId:artifactId:version}, and the classifier at the end if there is one. */
  @Override
  public String toString() {
    return key() + ":" + version + (classifier.isEmpty() ? "" : ":" + classifier);
  }
}
