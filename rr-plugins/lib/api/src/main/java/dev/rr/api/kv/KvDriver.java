package dev.rr.api.kv;

import dev.rr.annotation.Contract;
import dev.rr.api.config.Section;

/**
 * A way to keep keys and values, for example Redis. The name of the offer is what {@code
 * kv.<storage>.driver} says.
 *
 * <p>A driver opens each storage on its own; what several of its storages share, such as threads,
 * belongs to the plugin, which starts before the first is opened and stops after the last was
 * closed, as long as its weight is not below that of the plugin {@code kv}.
 */
@Contract
public interface KvDriver {
  /**
   * Says what would keep {@link #open} from working, without touching the world: decodes the
   * section, and looks at what it names. Called by the plugin {@code kv} while it checks, so {@code
   * rr config check} finds it as well, and keys that the driver does not know.
   *
   * @param config as for {@link #open}; problems may be recorded on it
   * @throws dev.rr.api.config.ConfigException with what is wrong
   */
  void check(String storage, Section config);

  /**
   * Opens a storage. Called once for each while the plugin {@code kv} starts, one after the other
   * on the kernel's thread; may block, but a broker that does not answer is no reason to fail when
   * the driver can dial again later.
   *
   * @param storage its name as configured, for messages and metrics
   * @param config {@code kv.<storage>.config}, else the top-level section that stands for it; not
   *     {@linkplain Section#present present} when there is neither, which a driver that can work by
   *     defaults accepts
   * @throws Exception when the storage cannot be opened; the message is for the user and fails the
   *     start
   */
  KvStore open(String storage, Section config) throws Exception;

  /**
   * What the spans of its stores' methods begin with, as upstream has them: {@code redis} in {@code
   * redis:mget}. The plugin {@code kv} makes them, below its own.
   *
   * @param plugin the name of the driver's plugin
   */
  default String spans(String plugin) {
    return plugin;
  }
}
