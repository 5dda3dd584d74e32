package dev.rr.plugin.config;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.config.ConfigTree;
import dev.rr.config.Configuration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Offers the configuration. Loaded in init, by the thread that starts the server; any thread
 * afterwards. Nothing switches it off: without it no plugin could know whether it is wanted.
 *
 * <p>Of the weight that lets it start before all others, as whoever starts reads a section.
 */
@Plugin(value = "config", weight = 1000)
final class ConfigPlugin implements Configurer, Lifecycle {
  private final Host host;

  /** Null before init. Written once; volatile for those who ask from other threads, such as RPC. */
  private volatile @Nullable Configuration configuration;

  ConfigPlugin(Host host) {
    this.host = host;
  }

  @Override
  public void init() {
    ConfigTree tree = new ConfigLoader(host).load(host.overrides());
    configuration = new Configuration(tree, host.configFile(), host.catalogue());
  }

  /**
   * Asking too early is a fault of the plugin that asks, not of the user: no problem, but a bug.
   */
  private Configuration loaded() {
    Configuration loaded = configuration;
    if (loaded == null) {
      throw new IllegalStateException("the configuration is read before the config plugin's init");
    }
    return loaded;
  }

  @Override
  public boolean has(String path) {
    return loaded().has(path);
  }

  @Override
  public @Nullable String get(String path) {
    return loaded().get(path);
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    return loaded().bind(binder);
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    return loaded().bind(path, binder);
  }

  @Override
  public <T> T bindLeniently(Binder<T> binder) {
    return loaded().bindLeniently(binder);
  }

  @Override
  public List<Problem> problems() {
    return loaded().problems();
  }

  @Override
  public Section section(String path, Problems problems) {
    return loaded().section(path, problems);
  }

  @Override
  public Section section(Binder<?> binder, Problems problems) {
    return loaded().section(binder, problems);
  }

  @Override
  public Map<String, Object> tree() {
    return loaded().tree();
  }

  @Override
  public List<EffectiveValue> values(Collection<Schema> read) {
    return loaded().values(read);
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    return loaded().unknownKeys(known);
  }

  /** The environment including the envfile, which is what workers inherit. */
  @Override
  public Map<String, String> environment() {
    return loaded().environment();
  }
}
