package dev.rr.api.plugin;

import dev.rr.api.config.Problems;

/**
 * The life of a plugin. All methods are called by the kernel, one plugin at a time: {@link #start}
 * on one thread, which lives as long as the server, {@link #stop} of plugins that stop side by side
 * each on a thread of its own, the others on a third. A plugin without a life need not implement
 * this.
 *
 * <ol>
 *   <li>constructor: no side effects; plugins it needs are already initialised;
 *   <li>{@link #init}: may look at configuration and disable the plugin; binds, spawns and writes
 *       nothing;
 *   <li>{@code @Collects} methods: once every plugin has been initialised;
 *   <li>{@link #check}: once every plugin has collected; says what stands in the way of a start.
 *       {@code rr config check} goes this far and no further;
 *   <li>{@link #start}: the first to touch the world; never before what the plugin needs has
 *       started;
 *   <li>{@link #stop}: in the reverse order, also when this or a later plugin failed to start.
 * </ol>
 */
public interface Lifecycle {
  /**
   * Prepares the plugin.
   *
   * @throws PluginDisabled to switch the plugin off for a reason; whoever needs it goes with it
   * @throws Exception any other exception fails the start
   */
  default void init() throws Exception {}

  /**
   * Looks for everything that would fail a start and can be seen before it: names that nothing
   * offers, files that are missing or hold something else. Reads, but binds, spawns and writes
   * nothing; may keep what it has worked out for {@link #start}. Called once, also by commands that
   * start nothing.
   *
   * @param problems gets all of them, with their places; one is enough to refuse the start
   * @throws Exception is one more problem
   */
  default void check(Problems problems) throws Exception {}

  /**
   * Starts the plugin and returns once it serves. A failure later in life goes to {@link
   * Host#fail}. Interrupted when the server is to stop meanwhile: it then gives up, and {@link
   * #stop} follows.
   *
   * @throws Exception fails the start; this plugin and those that had started are stopped
   */
  default void start() throws Exception {}

  /**
   * Stops the plugin: finishes what is under way, releases everything. Called after {@link #start}
   * was, whether or not it failed, so any part may not be there yet; and may be called again.
   *
   * @param deadline how long the server still waits; when it has passed, stopping goes on without
   */
  default void stop(Deadline deadline) throws Exception {}
}
