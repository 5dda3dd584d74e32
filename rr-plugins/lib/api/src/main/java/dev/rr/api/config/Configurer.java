package dev.rr.api.config;

import dev.rr.annotation.Contract;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration: file, environment, includes and overrides already put together. Key paths are
 * dotted and match without regard to case. Immutable after the config plugin's init; any thread.
 */
@Contract
public interface Configurer {
  /** Whether {@code path} is present and not null; {@code section: {}} is present. */
  boolean has(String path);

  /** The value as text, or null when absent or not a scalar. */
  @Nullable String get(String path);

  /**
   * Decodes a section. An absent one is decoded as if empty.
   *
   * @throws ConfigException with every problem of the section
   */
  <T> T bind(Binder<T> binder);

  /**
   * As {@link #bind(Binder)}, from another place than the binder's own, such as {@code "kv.users"}.
   */
  <T> T bind(String path, Binder<T> binder);

  /**
   * As {@link #bind(Binder)}, for a plugin that is made with the record: a value that is wrong is
   * told by {@link #problems} and has its fallback in the record, so that the plugin says what else
   * is wrong. With a problem no server starts.
   *
   * @throws ConfigException when the record itself refuses what it was given
   */
  default <T> T bindLeniently(Binder<T> binder) {
    return bind(binder);
  }

  /** What was wrong with the sections that were {@linkplain #bindLeniently bound} so far. */
  default List<Problem> problems() {
    return List.of();
  }

  /**
   * The section at {@code path}; an empty one when absent. Its problems are thrown by {@link
   * Problems#throwIfAny}.
   */
  Section section(String path, Problems problems);

  /**
   * The section that {@code binder} decodes: where a plugin complains about what it finds out later
   * than its record was decoded, in its {@code check}. Values it shows are masked as the record
   * says.
   */
  default Section section(Binder<?> binder, Problems problems) {
    return section(binder.key(), problems);
  }

  /**
   * The whole configuration, to be shown: nested maps, lists and scalars; keys in lower case,
   * sorted; secrets masked.
   */
  Map<String, Object> tree();

  /**
   * Every value that is in force and where it comes from, to be shown: in the file's order, the
   * defaults of a section behind what is written there; secrets masked.
   *
   * @param read the schemas of the sections that live plugins read, whose defaults count
   * @return empty where nobody keeps track
   */
  default List<EffectiveValue> values(Collection<Schema> read) {
    return List.of();
  }

  /**
   * Keys in the file that nothing in this binary reads, each with the nearest known one.
   *
   * @param known the schemas of every section that something reads
   */
  List<Problem> unknownKeys(Collection<Schema> known);

  /**
   * The environment that values were expanded against: the host's, and below it what the file named
   * by {@code envfile} adds. Worker processes inherit this one. Immutable.
   */
  default Map<String, String> environment() {
    return System.getenv();
  }
}
