package dev.rr.build.resolve;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Versions;
import dev.rr.build.sbom.Licences;
import dev.rr.build.select.Resolver;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorPolicy;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;
import org.jspecify.annotations.Nullable;

/** Finds artifacts with Maven's own resolver, in the reactor first. One thread. */
public final class MavenResolver implements Resolver {
  /** Of all that is rr's own. */
  public static final String GROUP = "dev.rr";

  private final RepositorySystem system;
  private final RepositorySystemSession session;
  private final List<RemoteRepository> repositories;
  private final Map<String, Path> replaced;
  private final Module module;
  private final Versions versions;
  private final VersionsRule rule;
  private @Nullable List<Dependency> bom;
  private @Nullable DependencyNode collected;

  /**
   * What the user's project adds.
   *
   * @param own its classes, when they are to be part of the file
   * @param dependencies its dependencies at run time
   * @param managed the versions it fixes
   */
  public record Module(
      Optional<Input> own, List<Dependency> dependencies, List<Dependency> managed) {}

  /**
   * Makes one.
   *
   * @param replaced files or folders that stand for artifacts, by {@code groupId:artifactId}
   */
  public MavenResolver(
      RepositorySystem system,
      RepositorySystemSession session,
      List<RemoteRepository> repositories,
      Map<String, Path> replaced,
      Module module,
      Versions versions,
      VersionsRule rule) {
    this.rule = rule;
    this.system = system;
    this.session = session;
    this.repositories = repositories;
    this.replaced = replaced;
    this.module = module;
    this.versions = versions;
  }

  @Override
  public Path catalogue() throws BuildException {
    List<Artifact> one = List.of(artifact(new Coordinates(GROUP, "rr-catalogue", versions.rr())));
    return resolve(one).get(0).file();
  }

  @Override
  public Optional<String> version(String group, String artifact) throws BuildException {
    return Stream.of(module.dependencies(), module.managed(), bom())
        .flatMap(List::stream)
        .map(Dependency::getArtifact)
        .filter(a -> a.getGroupId().equals(group) && a.getArtifactId().equals(artifact))
        .map(Artifact::getVersion)
        .findFirst();
  }

  @Override
  public List<Input> runtime(Collection<Coordinates> plugins) throws BuildException {
    Map<String, Dependency> roots = new TreeMap<>();
    Coordinates template = new Coordinates(GROUP, "rr-template", versions.rr());
    if (module.own().isPresent()) {
      module.dependencies().forEach(d -> roots.put(Conflicts.key(d.getArtifact()), d));
    }
    Stream.concat(Stream.of(template), plugins.stream())
        .map(c -> new Dependency(artifact(c), "runtime"))
        .forEach(d -> roots.put(Conflicts.key(d.getArtifact()), d));
    List<Dependency> managed = new ArrayList<>(bom());
    managed.addAll(module.managed());
    DependencyNode root = collect(List.copyOf(roots.values()), managed);
    Conflicts.check(root);
    Set<String> decided = new TreeSet<>();
    module.managed().forEach(d -> decided.add(Conflicts.key(d.getArtifact())));
    rule.tell(DisplacedVersions.of(root, decided));
    collected = root;
    List<Input> inputs = new ArrayList<>(resolve(winners(root)));
    module.own().ifPresent(inputs::add);
    inputs.sort(Comparator.comparing(Input::coordinates));
    return List.copyOf(inputs);
  }

  /**
   * How artifacts came in, as {@link #runtime} found: by coordinates the shortest way from each
   * root that brings it, the root's coordinates first and its own last.
   */
  public Map<String, List<List<String>>> paths() {
    Map<String, List<List<String>>> all = new TreeMap<>();
    if (collected != null) {
      for (DependencyNode root : collected.getChildren()) {
        shortest(root)
            .forEach((name, way) -> all.computeIfAbsent(name, n -> new ArrayList<>()).add(way));
      }
    }
    return all;
  }

  /** What each artifact depends on itself, by coordinates, sorted. */
  public Map<String, List<String>> edges() {
    Map<String, Set<String>> found = new TreeMap<>();
    if (collected != null) {
      addEdges(collected, found);
    }
    Map<String, List<String>> edges = new TreeMap<>();
    found.forEach((from, to) -> edges.put(from, List.copyOf(to)));
    return edges;
  }

  private static void addEdges(DependencyNode node, Map<String, Set<String>> found) {
    for (DependencyNode child : node.getChildren()) {
      if (node.getArtifact() != null) {
        found
            .computeIfAbsent(coordinates(node.getArtifact()).toString(), n -> new TreeSet<>())
            .add(coordinates(child.getArtifact()).toString());
      }
      addEdges(child, found);
    }
  }

  private static Map<String, List<String>> shortest(DependencyNode root) {
    Map<String, List<String>> ways = new TreeMap<>();
    ArrayDeque<DependencyNode> queue = new ArrayDeque<>(List.of(root));
    ArrayDeque<List<String>> before = new ArrayDeque<>(List.of(List.of()));
    while (!queue.isEmpty()) {
      DependencyNode node = queue.removeFirst();
      List<String> way = new ArrayList<>(before.removeFirst());
      way.add(coordinates(node.getArtifact()).toString());
      if (ways.putIfAbsent(way.get(way.size() - 1), way) == null) {
        for (DependencyNode child : node.getChildren()) {
          queue.add(child);
          before.add(way);
        }
      }
    }
    return ways;
  }

  /** The poms of artifacts by their coordinates as text, without those that have none. */
  public Map<String, Path> poms(Collection<Coordinates> artifacts) {
    Map<String, Path> found = new TreeMap<>();
    for (Coordinates c : artifacts) {
      Artifact pom = new DefaultArtifact(c.group(), c.artifact(), "pom", c.version());
      try {
        ArtifactResult result =
            system.resolveArtifact(session, new ArtifactRequest(pom, repositories, null));
        found.put(c.toString(), result.getArtifact().getFile().toPath());
      } catch (ArtifactResolutionException e) {
        // A jar may have none.
      }
    }
    return found;
  }

  /**
   * What the poms of artifacts say of their licences, by their coordinates as text: identifiers of
   * SPDX where they are known, any of which may be chosen. Without those that say nothing.
   */
  public Map<String, List<String>> licences(Collection<Coordinates> artifacts) {
    Map<String, List<String>> found = new TreeMap<>();
    for (Coordinates c : artifacts) {
      try {
        Map<String, Object> said =
            system
                .readArtifactDescriptor(
                    session, new ArtifactDescriptorRequest(artifact(c), repositories, null))
                .getProperties();
        List<String> all = licences(said);
        if (!all.isEmpty()) {
          found.put(c.toString(), all);
        }
      } catch (ArtifactDescriptorException e) {
        // A jar may have no pom, and the module that is built has none in a repository.
      }
    }
    return found;
  }

  /** As Maven's resolver puts them into what it read. */
  private static List<String> licences(Map<String, Object> said) {
    List<String> all = new ArrayList<>();
    int count = said.get("license.count") instanceof Integer number ? number : 0;
    for (int i = 0; i < count; i++) {
      String name = Objects.toString(said.get("license." + i + ".name"), "");
      String url = Objects.toString(said.get("license." + i + ".url"), "");
      Licences.ofPom(name, url).ifPresent(all::add);
    }
    return all;
  }

  @Override
  public List<Path> processors() throws BuildException {
    return closure(
        List.of(new Coordinates("com.google.dagger", "dagger-compiler", versions.dagger())));
  }

  /** These and all that they need at run time, in the versions that they name themselves. */
  public List<Path> closure(List<Coordinates> roots) throws BuildException {
    List<Dependency> all = roots.stream().map(c -> new Dependency(artifact(c), "runtime")).toList();
    return resolve(winners(collect(all, List.of()))).stream().map(Input::file).toList();
  }

  private List<Dependency> bom() throws BuildException {
    if (bom == null) {
      Artifact artifact = new DefaultArtifact(GROUP, "rr-bom", "pom", versions.rr());
      ArtifactDescriptorRequest request =
          new ArtifactDescriptorRequest(artifact, repositories, null);
      try {
        bom = system.readArtifactDescriptor(session, request).getManagedDependencies();
      } catch (RepositoryException e) {
        throw failure(e);
      }
    }
    return bom;
  }

  private DependencyNode collect(List<Dependency> dependencies, List<Dependency> managed)
      throws BuildException {
    DefaultRepositorySystemSession verbose = new DefaultRepositorySystemSession(session);
    // Keeps those that lost a conflict in the tree, so that they can be told.
    verbose.setConfigProperty(ConflictResolver.CONFIG_PROP_VERBOSE, true);
    // And the version that was wanted beside the one that is fixed.
    verbose.setConfigProperty(DependencyManagerUtils.CONFIG_PROP_VERBOSE, true);
    // A pom that cannot be read would otherwise lose its dependencies with a warning, and the
    // program would miss a class when it runs. A jar without any pom has none.
    verbose.setArtifactDescriptorPolicy((any, request) -> ArtifactDescriptorPolicy.IGNORE_MISSING);
    try {
      return system
          .collectDependencies(verbose, new CollectRequest(dependencies, managed, repositories))
          .getRoot();
    } catch (RepositoryException e) {
      throw failure(e);
    }
  }

  private static List<Artifact> winners(DependencyNode root) {
    Map<String, Artifact> winners = new TreeMap<>();
    addWinners(root, winners);
    return List.copyOf(winners.values());
  }

  private static void addWinners(DependencyNode node, Map<String, Artifact> winners) {
    for (DependencyNode child : node.getChildren()) {
      if (!child.getData().containsKey(ConflictResolver.NODE_DATA_WINNER)) {
        if (child.getArtifact().getExtension().equals("jar")) {
          winners.put(Conflicts.key(child.getArtifact()), child.getArtifact());
        }
        addWinners(child, winners);
      }
    }
  }

  private List<Input> resolve(List<Artifact> artifacts) throws BuildException {
    List<ArtifactRequest> requests =
        artifacts.stream().map(a -> new ArtifactRequest(a, repositories, null)).toList();
    try {
      return system.resolveArtifacts(session, requests).stream()
          .map(ArtifactResult::getArtifact)
          .map(a -> new Input(coordinates(a), file(a)))
          .sorted(Comparator.comparing(Input::coordinates))
          .toList();
    } catch (RepositoryException e) {
      throw failure(e);
    }
  }

  /** Another file where the user has put one in an artifact's place. */
  private Path file(Artifact artifact) {
    Path other = replaced.get(Conflicts.key(artifact));
    return other == null ? artifact.getFile().toPath() : other;
  }

  /** In the resolver's words, and those of what it met: a pom that cannot be read says why. */
  private static BuildException failure(RepositoryException e) {
    StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      String more = cause.getMessage();
      if (more != null && text.indexOf(more.strip()) < 0) {
        text.append(": ").append(more.strip());
      }
    }
    return new BuildException(text.toString());
  }

  private static Artifact artifact(Coordinates c) {
    return new DefaultArtifact(c.group(), c.artifact(), c.classifier(), "jar", c.version());
  }

  private static Coordinates coordinates(Artifact a) {
    // The base version: a snapshot's time stamp is of no use to a reader.
    return new Coordinates(
        a.getGroupId(), a.getArtifactId(), a.getBaseVersion(), a.getClassifier());
  }
}
