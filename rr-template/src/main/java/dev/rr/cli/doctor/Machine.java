package dev.rr.cli.doctor;

import dev.rr.api.health.RemoteServer;
import dev.rr.net.AddressForms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What checks look at. Immutable.
 *
 * @param folder where the server works
 * @param temporary where it puts files that live no longer than itself
 * @param values the values in force, by dotted key in lower case
 * @param problems lines with what is wrong with the configuration, warnings marked as such
 * @param php what workers run on; empty when their program is not PHP
 * @param limits what the system allows
 * @param servers what plugins call
 * @param serves whether a server answers at the configured RPC address
 */
record Machine(
    Path folder,
    Path temporary,
    Map<String, Object> values,
    List<String> problems,
    Optional<Php> php,
    Limits limits,
    List<RemoteServer> servers,
    boolean serves) {
  private static final String WORKERS = ".pool.num_workers";

  /**
   * What the system allows a process.
   *
   * @param files files open at once; empty when it is not known
   * @param memory bytes of the machine, or of the container
   * @param heap bytes that the server's own heap may take
   * @param offset what the machine's clocks show beside UTC, as {@code +02:00}
   * @param zone its name
   */
  record Limits(OptionalLong files, long memory, long heap, String offset, String zone) {}

  /** A pool of workers: its section, and how many there are. */
  record PoolSize(String section, long workers) {}

  /** A value as text; null when there is none. */
  @Nullable String text(String key) {
    Object value = values.get(key);
    return value == null ? null : value.toString();
  }

  /** A whole number; the fallback when there is none. */
  long number(String key, long fallback) {
    String text = text(key);
    return text == null || !text.matches("[0-9]{1,9}") ? fallback : Long.parseLong(text);
  }

  /** The pools that the configuration names. */
  List<PoolSize> pools() {
    return values.keySet().stream()
        .filter(key -> key.endsWith(WORKERS))
        .sorted()
        .map(key -> {
          long workers = number(key, 0);
          return new PoolSize(
              key.substring(0, key.length() - WORKERS.length()),
              workers == 0 ? Runtime.getRuntime().availableProcessors() : workers);
        })
        .toList();
  }

  /** How many workers there will be. */
  long workers() {
    return pools().stream().mapToLong(PoolSize::workers).sum();
  }

  /** Whether workers are spoken to through sockets. */
  boolean relaysBySocket() {
    String relay = text("server.relay");
    return relay != null && AddressForms.DSN.problem(relay).isEmpty();
  }
}
