package dev.rr.config;

import dev.rr.api.config.Binder;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.plugin.Catalogue;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that has been put together. Immutable but for what it learns from the sections
 * that are bound, which is their keys and secrets; any thread.
 *
 * <p>Plugins bind their sections on the thread that starts the server, one after the other, each
 * with problems of its own: a plugin whose section is broken is told, and the next one is looked at
 * all the same. Afterwards RPC asks for {@link #tree}, from any of its threads.
 */
public final class Configuration implements Configurer {
  /**
   * What files of upstream began with before "3", most often "2.7": accepted with a notice, as
   * there. Any other text is accepted silently, as there: it says nothing about the keys.
   */
  private static final Pattern OLD_VERSION = Pattern.compile("[0-2](\\.[0-9]+)*");

  private final ConfigTree tree;
  private final Path file;
  private final Catalogue catalogue;
  private final Decoded decoded = new Decoded();

  /** Of sections that were bound leniently. */
  private final List<Problem> problems = new CopyOnWriteArrayList<>();

  /** Paths of single values that somebody has read, in lower case. */
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  /**
   * A configuration over a tree.
   *
   * @param file what to name where something is missing
   * @param catalogue who else there is, for sections that nobody here reads
   */
  public Configuration(ConfigTree tree, Path file, Catalogue catalogue) {
    this.tree = tree;
    this.file = file;
    this.catalogue = catalogue;
  }

  /**
   * What a YAML file says, taken as it stands: without environment, overrides and includes. For
   * tests of plugins, which so decode by the rules of a server without the config plugin.
   *
   * @throws ConfigException when it is no YAML
   */
  public static Configuration read(Path file) throws IOException {
    Mapping root = YamlReader.read(file, Files.readString(file));
    return new Configuration(
        new ConfigTree(root, root, Map.of(), List.of()), file, Catalogue.EMPTY);
  }

  @Override
  public boolean has(String path) {
    return tree.find(path) != null;
  }

  @Override
  public @Nullable String get(String path) {
    asked.add(path.toLowerCase(Locale.ROOT));
    return tree.text(path);
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    return bind(binder.key(), binder);
  }

  // That a section is no map is thrown before its values are asked for: each required key would be
  // told as missing otherwise.
  @Override
  public <T> T bind(String path, Binder<T> binder) {
    Problems problems = new Problems();
    Section section = section(path, problems);
    problems.throwIfAny();
    return section.bind(binder);
  }

  // That it is no map is one problem, and the keys that are missing for it are none.
  @Override
  public <T> T bindLeniently(Binder<T> binder) {
    Problems found = new Problems();
    NodeSection section = section(binder.key(), found, binder.schema());
    T record = section.decode(binder, found.later());
    problems.addAll(found.found());
    return record;
  }

  @Override
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  @Override
  public Section section(String path, Problems problems) {
    return section(path, problems, null);
  }

  @Override
  public Section section(Binder<?> binder, Problems problems) {
    return section(binder.key(), problems, binder.schema());
  }

  private NodeSection section(String path, Problems problems, @Nullable Schema schema) {
    Node node = tree.section(path);
    Reading reading = new Reading(file, problems, decoded, false);
    return NodeSection.of(node, place(path, node), reading, schema);
  }

  /** Where the key of a section stands; its value begins a line later. */
  private Problem.Place place(String path, @Nullable Node node) {
    if (node == null) {
      return new Problem.Place(file, 0, path);
    }
    int dot = path.lastIndexOf('.');
    Node parent = dot < 0 ? tree.effective() : tree.section(path.substring(0, dot));
    Entry entry =
        parent instanceof Mapping m
            ? m.entries().get(path.substring(dot + 1).toLowerCase(Locale.ROOT))
            : null;
    return new Problem.Place(node.file(), entry == null ? node.line() : entry.line(), path);
  }

  @Override
  public Map<String, Object> tree() {
    return decoded.masked(tree.values());
  }

  @Override
  public List<EffectiveValue> values(Collection<Schema> read) {
    return new EffectiveValues(tree, decoded, read).list();
  }

  // Called once, when every plugin has been checked: only then it is known what drivers' sections
  // were decoded as. What was odd about loading comes first.
  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    List<Problem> found = new ArrayList<>(tree.warnings());
    Entry version = tree.effective().entries().get("version");
    if (version != null
        && version.value() instanceof Scalar s
        && OLD_VERSION.matcher(s.text()).matches()) {
      found.add(
          new Problem(
              new Problem.Place(s.file(), version.line(), "version"),
              "\"" + s.text() + "\" is an old version of the format; write version: \"3\""));
    }
    found.addAll(new UnknownKeys(known, decoded, asked, catalogue).in(tree.effective()));
    return List.copyOf(found);
  }

  @Override
  public Map<String, String> environment() {
    return tree.environment();
  }
}
