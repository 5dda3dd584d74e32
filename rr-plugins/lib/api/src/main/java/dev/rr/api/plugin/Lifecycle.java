package dev.rr.api.plugin;

/**
 * The life of a plugin. All methods are called by the kernel, one plugin at a time, on one thread;
 * a plugin without a life need not implement this.
 *
 * <ol>
 *   <li>constructor: no side effects; plugins it needs are already initialised;
 *   <li>{@link #init}: may look at configuration and disable the plugin; binds, spawns and writes
 *       nothing;
 *   <li>{@code @Collects} methods: once every plugin has been initialised;
 *   <li>{@link #start}: the first to touch the world; never before what the plugin needs has
 *       started;
 *   <li>{@link #stop}: in the reverse order, also when a later plugin failed to start.
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
   * Starts the plugin and returns once it serves. A failure later in life goes to {@link
   * Host#fail}.
   *
   * @throws Exception fails the start; plugins that had started are stopped, this one is not: it
   *     cleans up what it had begun
   */
  default void start() throws Exception {}

  /**
   * Stops the plugin: finishes what is under way, releases everything. Called only after a
   * successful {@link #start}.
   *
   * @param deadline how long the server still waits; when it has passed, stopping goes on without
   */
  default void stop(Deadline deadline) throws Exception {}
}
