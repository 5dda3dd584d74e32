package dev.rr.api.plugin;

import dev.rr.annotation.Contract;
import dev.rr.api.config.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The server as its plugins see it. Offered by the kernel itself, so always there. Any thread. */
@Contract
public interface Host {
  /**
   * The RoadRunner release that this server takes the place of. Programs that ask whether their
   * server is new enough are told this one, as numbers of our own mean nothing to them.
   */
  String ROADRUNNER = "2025.1.15";

  /** The version of this binary, without a leading v. */
  String version();

  /** The configuration file, absolute. It need not exist. */
  Path configFile();

  /**
   * Where relative paths of the configuration begin and worker processes run: {@code -w}, else the
   * configuration file's directory. Absolute. Java cannot change its own directory, so everybody
   * resolves against this.
   */
  Path workDirectory();

  /**
   * The environment with the dotenv file's variables, over which the system's own win. Immutable.
   */
  Map<String, String> environment();

  /** Where files go that live no longer than the server: {@code TMPDIR}, or the system's folder. */
  default Path temporaryDirectory() {
    String own = environment().getOrDefault("TMPDIR", "");
    return workDirectory().resolve(own.isEmpty() ? System.getProperty("java.io.tmpdir") : own);
  }

  /** {@code -o key=value} arguments as given, in order. */
  List<String> overrides();

  /** Whether {@code --strict} was given: warnings about the configuration become errors. */
  boolean strict();

  /** How long the whole server may take to stop. */
  Duration gracePeriod();

  /** The plugins that exist, in this binary or outside it. */
  Catalogue catalogue();

  /** The schemas of the sections that this binary reads; empty where nobody knows them. */
  default List<Schema> schemas() {
    return List.of();
  }

  /**
   * What became of each plugin of this binary, in the binary's order; empty before all of them were
   * initialised, and where nobody keeps track.
   */
  default List<PluginStatus> plugins() {
    return List.of();
  }

  /**
   * Whether the server has begun to stop: the plugins that serve finish what is under way, and
   * those that stop after them are still there.
   */
  default boolean stopping() {
    return false;
  }

  /**
   * Who offers something to whom among the plugins of this binary, whether or not they live; empty
   * where nobody keeps track.
   */
  default List<PluginLink> links() {
    return List.of();
  }

  /**
   * Reports that a running plugin cannot go on. The server stops in good order and exits with code
   * 1. Returns at once; only the first report is printed as the cause.
   */
  void fail(String plugin, Throwable cause);

  /**
   * A plugin of this binary.
   *
   * @param state live, disabled, failed or skipped
   * @param reason why it does not live; empty when it does
   */
  record PluginStatus(String id, String version, String state, String reason) {}

  /**
   * An edge of the graph of plugins.
   *
   * @param from the plugin that offers
   * @param to the plugin that needs or collects it
   * @param contract what is offered, without its package
   * @param required whether {@code to} cannot live without it
   */
  record PluginLink(String from, String to, String contract, boolean required) {}
}
