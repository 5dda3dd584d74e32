package dev.rr.plugin.server;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Server;
import dev.rr.goridge.RelayListener;
import dev.rr.net.Address;
import dev.rr.pool.Launcher;
import dev.rr.pool.PipeLauncher;
import dev.rr.pool.SocketLauncher;
import dev.rr.pool.WorkerPool;
import dev.rr.process.Accounts;
import dev.rr.process.CommandLine;
import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessStarter;
import dev.rr.process.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes pools of worker processes. */
@Plugin("server")
@EnabledBy("server")
final class ServerPlugin implements Server, Lifecycle {
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final ServerConfig config;
  private final Configurer configurer;
  private final Host host;
  private final Log log;
  private Optional<ProcessCommand.User> user = Optional.empty();
  private Optional<ProcessCommand.User> initUser = Optional.empty();
  private volatile @Nullable RelayListener listener;

  ServerPlugin(ServerConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
    this.log = loggers.named("server");
  }

  @Override
  public void check(Problems problems) {
    Section server = configurer.section(ServerConfigBinder.INSTANCE, problems);
    user = Accounts.find(server, config.user(), config.group());
    config.onInit().ifPresent(init -> check(init, server.section("on_init")));
  }

  private void check(ServerConfig.OnInit init, Section at) {
    initUser = Accounts.find(at, init.user(), "");
    // Otherwise its failure does not end the start.
    if (init.exitOnError()) {
      programFault(arguments(init.command(), init.env()), init.env())
          .ifPresent(fault -> at.problem("command", fault));
    }
  }

  @Override
  public void start() throws Exception {
    Optional<Address> relay = config.address();
    if (relay.isPresent()) {
      listen(relay.get());
    }
    if (config.onInit().isPresent()) {
      initCommand(config.onInit().get()).run();
    }
  }

  @Override
  public void stop(Deadline deadline) throws IOException {
    RelayListener open = listener;
    if (open != null) {
      open.close();
      listener = null;
    }
  }

  @Override
  public Pool pool(String name, PoolConfig pool, Map<String, String> env) {
    return new WorkerPool(name, pool, () -> launcher(pool, env), log, log);
  }

  @Override
  public List<String> command(PoolConfig pool) {
    StringOrList command = pool.command().isEmpty() ? config.command() : pool.command();
    return arguments(command, config.env());
  }

  /** Split where it depends on what can be run: by the PATH that the process will have. */
  private List<String> arguments(StringOrList command, Map<String, String> env) {
    String path = path(env);
    return CommandLine.split(
        command, word -> ProcessStarter.isProgram(word, path, host.workDirectory()));
  }

  private @Nullable String path(Map<String, String> env) {
    Map<String, String> all = new HashMap<>(configurer.environment());
    Variables.put(env, all);
    return all.get("PATH");
  }

  @Override
  public Optional<String> fault(PoolConfig pool) {
    List<String> command = command(pool);
    // What runs before the workers may bring program and script.
    return config.onInit().isPresent()
        ? Optional.empty()
        : programFault(command, config.env())
            .or(() -> WorkerScript.fault(command, host.workDirectory()));
  }

  private Optional<String> programFault(List<String> command, Map<String, String> env) {
    return ProcessStarter.fault(command.getFirst(), path(env), host.workDirectory());
  }

  @Override
  public int uid() {
    return user.map(ProcessCommand.User::uid).orElse(-1);
  }

  @Override
  public int gid() {
    return user.map(ProcessCommand.User::gid).orElse(-1);
  }

  /** The environment of a worker; what comes later wins. */
  Map<String, String> environment(Map<String, String> plugin) {
    Map<String, String> all = new HashMap<>(configurer.environment());
    all.put("RR_RELAY", config.relay());
    String rpc = configurer.get("rpc.listen");
    if (rpc != null && !rpc.isEmpty()) {
      all.put("RR_RPC", rpc);
    }
    Variables.put(config.env(), all);
    all.put("RR_VERSION", Host.ROADRUNNER);
    Variables.put(plugin, all);
    return all;
  }

  private Launcher launcher(PoolConfig pool, Map<String, String> env) {
    ProcessCommand command =
        new ProcessCommand(command(pool), environment(env), host.workDirectory(), user);
    if (config.address().isEmpty()) {
      return new PipeLauncher(command);
    }
    RelayListener open = listener;
    if (open == null) {
      throw new IllegalStateException("the server plugin has not started");
    }
    return new SocketLauncher(command, open);
  }

  private OnInitCommand initCommand(ServerConfig.OnInit init) {
    Map<String, String> all = new HashMap<>(configurer.environment());
    Variables.put(init.env(), all);
    ProcessCommand command =
        new ProcessCommand(
            arguments(init.command(), init.env()), all, host.workDirectory(), initUser);
    return new OnInitCommand(command, init, log);
  }

  private void listen(Address relay) throws IOException {
    try {
      listener =
          RelayListener.open(relay.resolve(host.workDirectory()), HANDSHAKE, m -> log.warn(m));
    } catch (IOException e) {
      throw relay.cannotListen("server.relay", e);
    }
    if (relay instanceof Address.Unix unix && user.isPresent()) {
      // Workers of another user have to be able to dial.
      Path file = host.workDirectory().resolve(unix.path());
      Files.setAttribute(file, "unix:uid", user.get().uid());
      Files.setAttribute(file, "unix:gid", user.get().gid());
    }
  }
}
