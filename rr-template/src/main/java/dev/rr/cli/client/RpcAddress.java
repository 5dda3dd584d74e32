package dev.rr.cli.client;

import dev.rr.api.config.Configurer;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.CommandContext;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import dev.rr.net.AddressForms;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens for RPC, as the configuration says.
 *
 * @param dsn as written
 * @param socket the same for a socket
 */
public record RpcAddress(String dsn, SocketAddress socket) {
  private static final String DEFAULT = "tcp://127.0.0.1:6001";

  /** As Laravel Octane gives it, beside a configuration file that may be empty. */
  private static final Pattern OVERRIDE = Pattern.compile("rpc\\.listen=([a-z]+://[^$]+)");

  /**
   * The address that the command line gives; without one the configuration is read the way the
   * server does, without starting anything.
   *
   * @throws CliException when there is no address in it
   */
  static RpcAddress of(CommandContext context) throws CliException {
    for (String override : context.options().overrides().reversed()) {
      Matcher given = OVERRIDE.matcher(override);
      if (given.matches()) {
        return parse(given.group(1), context.settings().workDirectory());
      }
    }
    Kernel kernel = new Kernel(context.assembly(), context.settings(), failure -> {});
    List<PluginState> states = kernel.init();
    if (states.stream().noneMatch(state -> state.plugin().id().equals("rpc"))) {
      throw new CliException(
          "this binary has no plugin rpc, so its server cannot be asked: add rpc"
              + " (dev.rr:rr-plugin-rpc) to the build");
    }
    Optional<Configurer> configurer = kernel.configurer();
    if (configurer.isEmpty()) {
      throw new CliException(
          kernel.problems().isEmpty()
              ? "this binary has no config plugin, so the server's RPC address is not known"
              : String.join("\n", kernel.problems()));
    }
    if (!configurer.get().has("rpc")) {
      throw new CliException(
          "rpc service not specified in the configuration. Tip: add\n rpc:\n\r listen:"
              + " rr_rpc_address");
    }
    return parse(configurer.get().get("rpc.listen"), context.settings().workDirectory());
  }

  /**
   * Parses an address.
   *
   * @param dsn null or empty for the default
   * @param folder what a relative socket path starts from
   */
  static RpcAddress parse(@Nullable String dsn, Path folder) throws CliException {
    String text = dsn == null || dsn.isEmpty() ? DEFAULT : dsn;
    try {
      return new RpcAddress(text, AddressForms.DSN.parse(text).reach(folder));
    } catch (IllegalArgumentException e) {
      throw new CliException("rpc.listen: " + e.getMessage());
    } catch (UnknownHostException e) {
      throw new CliException("rpc.listen: '" + text + "': unknown host");
    }
  }
}
