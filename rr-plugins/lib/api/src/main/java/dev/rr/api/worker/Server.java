package dev.rr.api.worker;

import dev.rr.annotation.Contract;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes pools of worker processes from the {@code server} section. Any thread. */
@Contract
public interface Server {
  /**
   * Makes a pool. Never fails, so that a constructor may ask: no command is looked at and no
   * process started before {@link Pool#start}.
   *
   * @param name the plugin the pool works for; names its threads
   * @param config the plugin's {@code pool} section
   * @param env variables for its workers on top of the server's own; {@code RR_MODE} among them
   */
  Pool pool(String name, PoolConfig config, Map<String, String> env);

  /** The worker command in force for a pool, split into program and arguments. */
  List<String> command(PoolConfig config);

  /**
   * Why the workers of a pool cannot start, as far as their command shows without being run: its
   * program is not found or may not be executed, or its script does not exist. For a plugin's
   * {@code check}.
   *
   * @throws IllegalArgumentException when the command cannot be split
   */
  default Optional<String> fault(PoolConfig config) {
    return Optional.empty();
  }

  /**
   * Records {@link #fault} where the command stands that is in force: in the pool's section or in
   * {@code server}. For a plugin's {@code check}.
   *
   * @param path the key path of the pool's section
   */
  default void check(PoolConfig config, String path, Configurer configurer, Problems problems) {
    String at = config.command().isEmpty() ? "server" : path;
    Section section = configurer.section(at, problems);
    section.parse(
        "command", () -> fault(config).ifPresent(fault -> section.problem("command", fault)));
  }

  /** The user id workers run as; -1 when they run as the server does. */
  int uid();

  /** The group id workers run as; -1 when they run as the server does. */
  int gid();
}
