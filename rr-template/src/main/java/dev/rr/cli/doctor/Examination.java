package dev.rr.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Problem;
import dev.rr.api.health.RemoteServers;
import dev.rr.cli.client.RunningPlugins;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.config.ConfigCommand;
import dev.rr.kernel.HostSettings;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.KernelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what checks look at. Starts no plugin; asks PHP and a running server. */
final class Examination {
  private static final Pattern FILES =
      Pattern.compile("(?m)^Max open files\\s+\\d+\\s+(\\d+|unlimited)");

  private final CommandContext context;
  private final HostSettings settings;

  Examination(CommandContext context) throws CliException {
    this.context = context;
    this.settings = context.settings();
  }

  Machine machine() throws InterruptedException {
    Kernel kernel = new Kernel(context.assembly(), settings, f -> {});
    kernel.init();
    List<String> problems = problems(kernel);
    Optional<Configurer> configurer = kernel.configurer();
    Map<String, Object> values = new TreeMap<>();
    configurer.ifPresent(
        c -> c.values(ConfigCommand.read(context, kernel)).forEach(v -> put(values, v)));
    return new Machine(
        settings.workDirectory(),
        temporary(),
        values,
        problems,
        php(values, configurer),
        limits(),
        kernel.living(RemoteServers.class).stream()
            .flatMap(plugin -> plugin.remoteServers().stream())
            .distinct()
            .toList(),
        configurer.filter(c -> c.has("rpc")).filter(this::serves).isPresent());
  }

  /** As {@link dev.rr.api.plugin.Host#temporaryDirectory} has it. */
  private Path temporary() {
    String own = settings.environment().getOrDefault("TMPDIR", "");
    return settings
        .workDirectory()
        .resolve(own.isEmpty() ? System.getProperty("java.io.tmpdir") : own);
  }

  private static List<String> problems(Kernel kernel) {
    try {
      List<Problem> warnings = kernel.check();
      kernel.requireWork();
      return warnings.stream().map(warning -> ConfigCheck.WARNING + warning).toList();
    } catch (KernelException e) {
      return String.valueOf(e.getMessage()).lines().toList();
    }
  }

  private static void put(Map<String, Object> values, EffectiveValue value) {
    values.put(String.join(".", value.key()).toLowerCase(Locale.ROOT), value.value());
  }

  private boolean serves(Configurer configurer) {
    return RunningPlugins.ask(configurer.get("rpc.listen"), settings.workDirectory()).isPresent();
  }

  /** Not asked when workers are something else than PHP, or this binary starts none. */
  private Optional<Php> php(Map<String, Object> values, Optional<Configurer> configurer)
      throws InterruptedException {
    boolean starts = context.assembly().plugins().stream().anyMatch(p -> p.id().equals("server"));
    List<String> command = words(values.getOrDefault("server.command", "php"));
    if (!starts || !Php.isCalledBy(command)) {
      return Optional.empty();
    }
    Map<String, String> environment =
        configurer.map(Configurer::environment).orElse(settings.environment());
    return Optional.of(Php.ask(command, settings.workDirectory(), environment));
  }

  private static List<String> words(Object command) {
    return switch (command) {
      case List<?> list -> list.stream().map(String::valueOf).toList();
      default ->
          List.of(command.toString().strip().replace("\"", "").replace("'", "").split("[\\s,]+"));
    };
  }

  private static Machine.Limits limits() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine.Limits(
        files(),
        system.getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        OffsetDateTime.now().format(DateTimeFormatter.ofPattern("xxx")),
        ZoneId.systemDefault().getId());
  }

  /** The hard limit, to which the JVM raises its own. */
  private static OptionalLong files() {
    try {
      Matcher found = FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
      return found.find() && !found.group(1).equals("unlimited")
          ? OptionalLong.of(Long.parseLong(found.group(1)))
          : OptionalLong.empty();
    } catch (IOException notLinux) {
      return OptionalLong.empty();
    }
  }
}
