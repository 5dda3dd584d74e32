package dev.rr.api.metrics;

import dev.rr.annotation.Contract;

/**
 * Takes figures from a plugin that cannot offer them as a {@link MetricsSource}, since whoever
 * collects those is one that it collects from itself: {@code rpc} serves the methods of {@code
 * metrics}. Filled while plugins are initialised, by one thread.
 */
@Contract
public interface MetricsRegistry {
  /**
   * Adds a source.
   *
   * @param plugin whose figures they are
   */
  void add(String plugin, MetricsSource source);
}
