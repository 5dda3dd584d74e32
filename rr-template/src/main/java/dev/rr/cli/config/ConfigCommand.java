package dev.rr.cli.config;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.EffectiveValue;
import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Words;
import dev.rr.kernel.Kernel;
import dev.rr.kernel.PluginState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what is wrong with a configuration ({@code check}), what is in force and where it comes from
 * ({@code show}), and what may stand in one ({@code schema}).
 */
public final class ConfigCommand implements Command {
  private static final String JSON = "--json";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("config", "Check or show the configuration, or print its JSON schema")
        .taking(Words.of("check", "show", "schema"))
        .with(Flag.bool("show: as JSON", JSON))
        .saying(
            """
            check   says everything that is wrong, as serve would
            show    the values in force, and where each comes from; secrets are masked
            schema  what may stand in the file, for editors: write it beside the file,
                      rr config schema > .rr.schema.json
                    and have this as the file's first line:
                      # yaml-language-server: $schema=.rr.schema.json
            """);
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    List<String> words = own.positionals();
    if (words.size() != 1) {
      throw new CliException("command should be in form of: `rr config <check/show/schema>`");
    }
    return switch (words.getFirst()) {
      case "show" -> show(context, own.has(JSON));
      case "schema" -> schema(context);
      default -> check(context);
    };
  }

  /** What is an error here is one for {@code serve}, and the other way round. */
  private static int check(CommandContext context) throws Exception {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    List<PluginState> states = kernel.init();
    kernel.check().forEach(warning -> context.err().println("[WARN] " + warning));
    kernel.requireWork();
    long live = states.stream().filter(PluginState::live).count();
    context.say(
        "the configuration is correct; " + live + " of " + states.size() + " plugins live with it");
    kernel
        .starved()
        .forEach(state ->
            context
                .err()
                .println("[WARN] " + state.plugin().id() + " does not run: it " + state.reason()));
    String off =
        states.stream()
            .filter(state -> !state.live())
            .map(state -> state.plugin().id())
            .sorted()
            .collect(Collectors.joining(", "));
    if (!off.isEmpty()) {
      context.say("off: " + off + "; rr plugins tells why");
    }
    return 0;
  }

  private static int show(CommandContext context, boolean json) throws CliException {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    kernel.init();
    // Drivers decode their sections while the server is checked; what is secret is known then.
    kernel.examine();
    Optional<Configurer> configurer = kernel.configurer();
    List<String> problems = kernel.problems();
    if (configurer.isEmpty()) {
      throw new CliException(
          problems.isEmpty()
              ? "this binary has no config plugin, so it has no configuration"
              : String.join("\n", problems));
    }
    List<EffectiveValue> values = configurer.get().values(read(context, kernel));
    context.out().print(json ? ValuesAsJson.of(values) : new ValuesAsYaml(values).text());
    problems.forEach(context.err()::println);
    return problems.isEmpty() ? 0 : 1;
  }

  /** The schemas of the sections that live plugins read. */
  public static List<Schema> read(CommandContext context, Kernel kernel) {
    Set<String> sections = new HashSet<>(Set.of("endure"));
    kernel.states().stream()
        .filter(PluginState::live)
        .flatMap(state -> context.assembly().catalogue().find(state.plugin().id()).stream())
        .map(Catalogue.Entry::sections)
        .forEach(sections::addAll);
    return kernel.schemas().stream().filter(schema -> sections.contains(schema.key())).toList();
  }

  private static int schema(CommandContext context) throws Exception {
    ConfigSchema schema = new ConfigSchema();
    new Kernel(context.assembly(), context.settings(), f -> {})
        .schemas().stream().filter(own -> own.key().equals("endure")).forEach(schema::addOwn);
    for (var plugin : context.assembly().plugins()) {
      schema.addDescriptor(plugin.id());
    }
    schema.addOutside(context.assembly().catalogue());
    context.out().print(IndentedJson.of(schema.document()));
    return 0;
  }
}
