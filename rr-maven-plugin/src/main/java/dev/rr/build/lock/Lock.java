package dev.rr.build.lock;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.Replaceable;
import dev.rr.build.TextFile;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.archive.Hash;
import dev.rr.build.describe.GraphPicture;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a file is made of, to the byte. {@code rr.lock} is one as JSON; so is {@value #ENTRY} in the
 * file itself, without what would change with the machine (poms, which Maven 4 writes differently,
 * and the JDK) and without the file's own hash. Immutable.
 *
 * @param format {@value #FORMAT}
 * @param version the user's version of the file
 * @param rr the version of rr
 * @param dagger the version of Dagger, whose compiler writes a part
 * @param plugins in the order of their start
 * @param artifacts sorted by coordinates
 * @param graph SHA-256 of the plugins' graph
 * @param application in the file; null for none
 * @param jdk the version of the JDK that compiled; null in the file
 * @param output SHA-256 of the file; null in the file
 */
public record Lock(
    int format,
    String version,
    String rr,
    String dagger,
    List<LockedPlugin> plugins,
    List<LockedArtifact> artifacts,
    String graph,
    @Nullable LockedApplication application,
    @Nullable String jdk,
    @Nullable String output) {
  /** The format that this reads and writes. */
  public static final int FORMAT = 1;

  /** Where a file keeps its own. */
  public static final String ENTRY = "META-INF/rr/lock.json";

  private static final int DIGITS = 12;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final String REMEDY = "; mvn rr:lock takes it over when it is meant";

  /**
   * A plugin.
   *
   * @param coordinates {@code groupId:artifactId:version}
   */
  public record LockedPlugin(String id, String coordinates) {}

  /**
   * A jar, or a folder of classes.
   *
   * @param coordinates {@code groupId:artifactId:version}, and the classifier if there is one
   * @param sha256 of the jar, in hexadecimal digits
   * @param pom SHA-256 of its pom; null in the file, and for an artifact without one
   */
  public record LockedArtifact(String coordinates, String sha256, @Nullable String pom) {}

  /**
   * A PHP application.
   *
   * @param sha256 of its tar
   * @param files how many
   * @param bytes of its tar
   */
  public record LockedApplication(String sha256, int files, long bytes) {}

  /** What the file keeps of a selection. */
  public static Lock of(
      Selection selection, Optional<Application> application, String version, Versions versions)
      throws IOException {
    List<LockedPlugin> plugins = new ArrayList<>();
    for (SelectedPlugin member : selection.graph().order()) {
      plugins.add(new LockedPlugin(member.id(), member.coordinates()));
    }
    List<LockedArtifact> artifacts = new ArrayList<>();
    for (Input input : selection.inputs()) {
      artifacts.add(new LockedArtifact(input.coordinates().toString(), Hash.of(input), null));
    }
    return new Lock(
        FORMAT,
        version,
        versions.rr(),
        versions.dagger(),
        List.copyOf(plugins),
        List.copyOf(artifacts),
        Hash.of(GraphPicture.JSON.draw(selection.graph())),
        application.map(Lock::locked).orElse(null),
        null,
        null);
  }

  /**
   * With what {@code rr.lock} has besides.
   *
   * @param poms by coordinates, for artifacts that have one
   */
  public Lock with(Map<String, Path> poms, String ofJdk, String ofOutput) throws IOException {
    List<LockedArtifact> all = new ArrayList<>();
    for (LockedArtifact artifact : artifacts) {
      Path pom = poms.get(artifact.coordinates());
      all.add(
          new LockedArtifact(
              artifact.coordinates(), artifact.sha256(), pom == null ? null : Hash.of(pom)));
    }
    return new Lock(
        format,
        version,
        rr,
        dagger,
        plugins,
        List.copyOf(all),
        graph,
        application,
        ofJdk,
        ofOutput);
  }

  private static LockedApplication locked(Application application) {
    return new LockedApplication(application.hash(), application.files(), application.bytes());
  }

  /** What the file calls it in short: the first hexadecimal digits of its hash. */
  public String digits() {
    return hash().substring(0, DIGITS);
  }

  /** SHA-256 over all of it. */
  String hash() {
    return Hash.of(toJson());
  }

  /** As JSON, which ends in a newline. */
  public String toJson() {
    return GSON.toJson(this) + "\n";
  }

  /**
   * Fails where something is that is no lock, though perhaps one that nobody can read any more: who
   * names it by mistake would lose it.
   *
   * @param key by which the user named the place
   */
  public static void requireReplaceable(String key, Path file) throws BuildException, IOException {
    Replaceable.requireFile(
        key,
        file,
        "no lock, which is all that is replaced",
        place -> Files.size(place) == 0 || isOne(place));
  }

  private static boolean isOne(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.contains("\"artifacts\"") && text.contains("\"sha256\"");
  }

  /** Reads one. */
  public static Lock read(Path file) throws BuildException, IOException {
    String text = TextFile.read(file);
    Lock lock;
    JsonElement whole;
    try {
      lock = GSON.fromJson(text, Lock.class);
      whole = JsonParser.parseString(text);
    } catch (JsonParseException e) {
      throw new BuildException(file + " cannot be read: " + TextFile.reason(e));
    }
    if (lock == null || lock.format != FORMAT) {
      throw new BuildException(
          "%s is of format %s, and this rr-maven-plugin reads %d; mvn rr:lock writes it anew"
              .formatted(file, lock == null ? "none" : lock.format, FORMAT));
    }
    if (!lock.isWhole() || !GSON.toJsonTree(lock).equals(whole)) {
      throw new BuildException(
          file
              + " is not as mvn rr:lock writes it: a key is missing, twice or not known; it writes"
              + " the file anew");
    }
    return lock;
  }

  /** Whether all is there that every lock has; JSON leaves out what it likes. */
  private boolean isWhole() {
    return Stream.of(version, rr, dagger, plugins, artifacts, graph, jdk, output)
            .allMatch(Objects::nonNull)
        && plugins.stream().allMatch(p -> p != null && p.id != null && p.coordinates != null)
        && artifacts.stream().allMatch(a -> a != null && a.coordinates != null && a.sha256 != null)
        && artifacts.stream().map(LockedArtifact::coordinates).distinct().count()
            == artifacts.size();
  }

  /**
   * In what another selection differs from this one, as sentences for the user; empty when its file
   * would be made of the same. The user's version, the JDK and the output are not compared.
   *
   * @param files of the artifacts now, by coordinates
   * @param bringers the plugins that bring an artifact, by the coordinates of both
   */
  public List<String> differences(
      Lock now, Map<String, Path> files, Function<String, Set<String>> bringers) {
    List<String> found = new ArrayList<>();
    tool("rr", rr, now.rr, found);
    tool("Dagger", dagger, now.dagger, found);
    artifacts(now, files, bringers, found);
    if (found.isEmpty() && !plugins.equals(now.plugins)) {
      found.add("the plugins are " + ids(now) + ", locked are " + ids(this) + REMEDY);
    }
    if (found.isEmpty() && !graph.equals(now.graph)) {
      found.add("the graph of the plugins is another than in the lock" + REMEDY);
    }
    if (!Objects.equals(application, now.application)) {
      found.add(
          "the application is %s, locked is %s%s"
              .formatted(text(now.application), text(application), now.remedy()));
    }
    return List.copyOf(found);
  }

  private void artifacts(
      Lock now,
      Map<String, Path> files,
      Function<String, Set<String>> bringers,
      List<String> found) {
    Map<String, String> ids =
        now.plugins.stream()
            .collect(
                Collectors.toMap(
                    LockedPlugin::coordinates, LockedPlugin::id, (a, b) -> a + ", " + b));
    Map<String, LockedArtifact> locked = byCoordinates(artifacts);
    Map<String, LockedArtifact> given = byCoordinates(now.artifacts);
    given.forEach((name, artifact) -> {
      LockedArtifact was = locked.get(name);
      if (!artifact.equals(was)) {
        changed(name + plugins(name, ids, bringers), was, artifact, files.get(name), found);
      }
    });
    locked.keySet().stream()
        .filter(name -> !given.containsKey(name))
        .forEach(name -> found.add(name + " is in the lock, but not in the selection" + REMEDY));
  }

  private static void changed(
      String who,
      @Nullable LockedArtifact was,
      LockedArtifact now,
      @Nullable Path file,
      List<String> found) {
    if (was == null) {
      found.add(who + " is not in the lock" + REMEDY);
      return;
    }
    changed(who, "", was.sha256, now.sha256, file).ifPresent(found::add);
    if (was.pom != null && now.pom != null) {
      changed(who, " pom", was.pom, now.pom, null).ifPresent(found::add);
    }
  }

  /** Which plugin an artifact is, or whose it is. */
  private static String plugins(
      String name, Map<String, String> ids, Function<String, Set<String>> bringers) {
    if (ids.containsKey(name)) {
      return " (plugin " + ids.get(name) + ")";
    }
    String all =
        bringers.apply(name).stream()
            .map(plugin -> ids.getOrDefault(plugin, plugin))
            .sorted()
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : " (of plugin " + all + ")";
  }

  /** Other goals than rr:embed take the application by another property. */
  private String remedy() {
    return application == null
        ? REMEDY
        : "; mvn rr:lock -Drr.embed=FOLDER takes it over when it is meant";
  }

  private static String text(@Nullable LockedApplication application) {
    return application == null
        ? "none"
        : "%s (%d files)".formatted(application.sha256, application.files);
  }

  private static void tool(String name, String was, String now, List<String> found) {
    if (!was.equals(now)) {
      found.add("%s is %s, locked is %s%s".formatted(name, now, was, REMEDY));
    }
  }

  private static Optional<String> changed(
      String who, String part, String was, String now, @Nullable Path file) {
    return was.equals(now)
        ? Optional.empty()
        : Optional.of(
            "%s: its%s sha256 is %s, locked is %s%s"
                .formatted(who, part, now, was, file == null ? "" : ", in " + file));
  }

  private static Map<String, LockedArtifact> byCoordinates(List<LockedArtifact> artifacts) {
    return artifacts.stream()
        .collect(
            Collectors.toMap(
                LockedArtifact::coordinates, Function.identity(), (a, b) -> b, TreeMap::new));
  }

  private static List<String> ids(Lock lock) {
    return lock.plugins.stream().map(LockedPlugin::id).toList();
  }

  /** What differs between a file made now and the locked one; empty when nothing does. */
  public Optional<String> outputDifference(String sha256, String ofJdk) {
    if (sha256.equals(output)) {
      return Optional.empty();
    }
    String why =
        Objects.equals(jdk, ofJdk)
            ? ""
            : ", perhaps as the JDK is %s, locked is %s".formatted(ofJdk, jdk);
    return Optional.of(
        "the file made now has the sha256 %s, locked is %s%s".formatted(sha256, output, why));
  }
}
