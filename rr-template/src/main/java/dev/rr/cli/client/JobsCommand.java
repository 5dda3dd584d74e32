package dev.rr.cli.client;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CliException;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Table;
import dev.rr.cli.command.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists, pauses, resumes and destroys pipelines of a running server. */
public final class JobsCommand implements Command {
  private static final String PLUGIN = "jobs";
  private static final List<String> CHANGES = List.of("pause", "resume", "destroy");

  /** A pipeline that is destroyed waits for what is under way. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(PLUGIN, "Jobs pipelines manipulation")
        .taking(Words.any("[pipeline,...]"))
        .with(
            Flag.bool("list pipelines", "--list"),
            Flag.bool("pause pipelines", "--pause"),
            Flag.bool("resume pipelines", "--resume"),
            Flag.bool("destroy pipelines", "--destroy"));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    String change = CHANGES.stream().filter(c -> own.has("--" + c)).findFirst().orElse("");
    List<String> pipelines = change.isEmpty() ? List.of() : pipelines(change, own.positionals());
    if (change.isEmpty() && !own.has("--list")) {
      throw new CliException(
          "command should be in form of: `rr jobs --<destroy/resume/pause> pipe1,pipe2`, or `rr"
              + " jobs --list`");
    }
    requirePlugin(context);
    try (RpcClient client = RpcClient.connect(RpcAddress.of(context))) {
      if (change.isEmpty()) {
        context.out().print(table(named(client.call("jobs.List", Map.of(), LIMIT))));
      } else {
        List<String> changed = change(client, change, pipelines);
        if (!context.options().silent()) {
          context.out().print(table(changed));
        }
      }
    } catch (RpcFault e) {
      throw RpcFault.told(e, PLUGIN, "");
    }
    return 0;
  }

  private static void requirePlugin(CommandContext context) throws CliException {
    if (context.assembly().plugins().stream().noneMatch(p -> p.id().equals(PLUGIN))) {
      String coordinates =
          context
              .assembly()
              .catalogue()
              .find(PLUGIN)
              .map(p -> " (" + p.coordinates() + ")")
              .orElse("");
      throw new CliException(
          "this binary has no plugin jobs, so its server has no pipelines: add jobs"
              + coordinates
              + " to the build");
    }
  }

  /** The words of the command line, each of which may be a list. */
  private static List<String> pipelines(String change, List<String> words) throws CliException {
    List<String> all =
        words.stream()
            .flatMap(word -> List.of(word.split(",")).stream())
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (all.isEmpty()) {
      throw new CliException(
          "incorrect command usage, should be: rr jobs --" + change + " pipe1,pipe2");
    }
    return all;
  }

  /** Those that were changed: a destroyed one is told by the server, others are what was asked. */
  static List<String> change(RpcClient client, String change, List<String> pipelines)
      throws IOException {
    String method = "jobs." + Character.toUpperCase(change.charAt(0)) + change.substring(1);
    Object reply = client.call(method, Map.of("pipelines", pipelines), LIMIT);
    return change.equals("destroy") ? named(reply) : pipelines;
  }

  static List<String> named(@Nullable Object reply) {
    return reply instanceof Map<?, ?> map && map.get("pipelines") instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  static String table(List<String> pipelines) {
    Table table = new Table("Pipeline(s)");
    pipelines.forEach(table::row);
    return table.text();
  }
}
