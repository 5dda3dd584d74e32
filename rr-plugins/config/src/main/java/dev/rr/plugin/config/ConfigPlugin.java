package dev.rr.plugin.config;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.plugin.config.Node.Entry;
import dev.rr.plugin.config.Node.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Offers the configuration. Loaded in init; any thread afterwards. */
@Plugin(value = "config", weight = 1000)
final class ConfigPlugin implements Configurer, Lifecycle {
  private static final String OLD_VERSION = "2.7";

  private final Host host;
  private final Mask mask = new Mask();
  private volatile @Nullable ConfigTree tree;

  ConfigPlugin(Host host) {
    this.host = host;
  }

  @Override
  public void init() {
    tree = new ConfigLoader(host).load(host.overrides());
  }

  private ConfigTree loaded() {
    ConfigTree loaded = tree;
    if (loaded == null) {
      throw new IllegalStateException("the configuration is read before the config plugin's init");
    }
    return loaded;
  }

  @Override
  public boolean has(String path) {
    return loaded().find(path) != null;
  }

  @Override
  public @Nullable String get(String path) {
    return loaded().text(path);
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    return bind(binder.key(), binder);
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    Problems problems = new Problems();
    Schema schema = binder.schema();
    mask.learn(path, schema);
    NodeSection section = section(path, problems, schema);
    try {
      T value = binder.bind(section);
      problems.throwIfAny();
      return value;
    } catch (IllegalArgumentException e) {
      // A rule of the record itself; told only when nothing else is wrong, as fallbacks may break
      // it.
      if (problems.isEmpty()) {
        section.problem(null, String.valueOf(e.getMessage()));
      }
      throw new ConfigException(problems.found());
    }
  }

  @Override
  public Section section(String path, Problems problems) {
    return section(path, problems, null);
  }

  private NodeSection section(String path, Problems problems, @Nullable Schema schema) {
    Node node = loaded().section(path);
    return NodeSection.of(path, node, place(path, node), problems, schema, host.configFile());
  }

  /** Where the key of a section stands; its value begins a line later. */
  private Problem.Place place(String path, @Nullable Node node) {
    if (node == null) {
      return new Problem.Place(host.configFile(), 0, path);
    }
    int dot = path.lastIndexOf('.');
    Node parent = dot < 0 ? loaded().effective() : loaded().section(path.substring(0, dot));
    Entry entry =
        parent instanceof Node.Mapping m
            ? m.entries().get(path.substring(dot + 1).toLowerCase(Locale.ROOT))
            : null;
    return new Problem.Place(node.file(), entry == null ? node.line() : entry.line(), path);
  }

  @Override
  public Map<String, Object> tree() {
    return mask.show(loaded().values());
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    List<Problem> found = new ArrayList<>(loaded().warnings());
    Entry version = loaded().effective().entries().get("version");
    if (version != null && version.value() instanceof Scalar s && s.text().equals(OLD_VERSION)) {
      found.add(
          new Problem(
              new Problem.Place(s.file(), version.line(), "version"),
              "\"2.7\" is an old version of the format; write version: \"3\""));
    }
    found.addAll(new UnknownKeys(known, host.catalogue()).in(loaded().effective()));
    return List.copyOf(found);
  }

  /** The environment including the envfile. */
  @Override
  public Map<String, String> environment() {
    return loaded().environment();
  }
}
