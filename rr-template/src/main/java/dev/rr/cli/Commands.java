package dev.rr.cli;

import dev.rr.api.plugin.Catalogue;
import dev.rr.cli.aot.AotCommand;
import dev.rr.cli.client.JobsCommand;
import dev.rr.cli.client.ResetCommand;
import dev.rr.cli.client.WorkersCommand;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.config.ConfigCommand;
import dev.rr.cli.doctor.DoctorCommand;
import dev.rr.cli.init.FirstConfigCommand;
import dev.rr.cli.plugins.GraphCommand;
import dev.rr.cli.plugins.PluginCommand;
import dev.rr.cli.plugins.PluginsCommand;
import dev.rr.cli.serve.ServeCommand;
import dev.rr.cli.serve.StopCommand;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a binary: rr's own, and those of its plugins. One is made, and its class loaded,
 * when somebody asks for it: a server need not wait for the classes of {@code doctor}.
 */
final class Commands implements Arguments.Commands {
  private static final List<String> OWN =
      List.of(
          "aot",
          "completion",
          "config",
          "doctor",
          "graph",
          "help",
          "init",
          "jobs",
          "plugins",
          "reset",
          "serve",
          "stop",
          "workers");

  private final Map<String, Command> brought = new TreeMap<>();

  Commands(Catalogue catalogue) {
    PluginCommand.of(catalogue).forEach(c -> brought.putIfAbsent(c.spec().name(), c));
    brought.keySet().removeAll(OWN);
  }

  @Override
  public List<String> names() {
    return Stream.concat(OWN.stream(), brought.keySet().stream()).sorted().toList();
  }

  /** How each of them is called. */
  List<CommandSpec> specs() {
    return names().stream().map(n -> Objects.requireNonNull(spec(n))).toList();
  }

  @Override
  public @Nullable CommandSpec spec(String name) {
    Command command = find(name);
    return command == null ? null : command.spec();
  }

  /** The command of a name; one of rr's own goes before a plugin's. Null when there is none. */
  @Nullable Command find(String name) {
    return switch (name) {
      case "aot" -> new AotCommand();
      case "completion" -> new CompletionCommand(this);
      case "config" -> new ConfigCommand();
      case "doctor" -> new DoctorCommand();
      case "graph" -> new GraphCommand();
      case "help" -> new HelpCommand(this);
      case "init" -> new FirstConfigCommand();
      case "jobs" -> new JobsCommand();
      case "plugins" -> new PluginsCommand();
      case "reset" -> new ResetCommand();
      case "serve" -> new ServeCommand();
      case "stop" -> new StopCommand();
      case "workers" -> new WorkersCommand();
      default -> brought.get(name);
    };
  }
}
