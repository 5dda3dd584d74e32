package dev.rr.cli.client;

import dev.rr.api.plugin.Host.PluginStatus;
import dev.rr.cli.command.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The plugins as a running server has them, which may be of another build or configuration.
 *
 * @param address where the server listens, as configured
 * @param plugins in the server's order
 */
public record RunningPlugins(String address, List<PluginStatus> plugins) {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * Asks the server behind this address.
   *
   * @param dsn {@code rpc.listen}; null or empty for the default
   * @param folder what a relative socket path starts from
   * @return empty when no server answers there, or one that does not know the question
   */
  public static Optional<RunningPlugins> ask(@Nullable String dsn, Path folder) {
    try {
      return ask(RpcAddress.parse(dsn, folder));
    } catch (CliException notAnAddress) {
      return Optional.empty();
    }
  }

  static Optional<RunningPlugins> ask(RpcAddress address) {
    try (RpcClient client = RpcClient.connect(address)) {
      List<PluginStatus> plugins = rows(client.call("rpc.Plugins", true, LIMIT));
      return plugins.isEmpty()
          ? Optional.empty()
          : Optional.of(new RunningPlugins(address.dsn(), plugins));
    } catch (IOException | CliException noAnswer) {
      return Optional.empty();
    }
  }

  private static List<PluginStatus> rows(@Nullable Object answer) {
    List<PluginStatus> rows = new ArrayList<>();
    if (answer instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> row) {
          rows.add(
              new PluginStatus(
                  text(row, "id"), text(row, "version"), text(row, "state"), text(row, "reason")));
        }
      }
    }
    return rows;
  }

  private static String text(Map<?, ?> row, String key) {
    return row.get(key) instanceof String text ? text : "";
  }
}
