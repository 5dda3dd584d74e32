package dev.rr.cli;

import dev.rr.kernel.Kernel;
import java.util.Locale;

/** Draws the graph of plugins as it stands with a configuration. Starts nothing. */
final class GraphCommand implements Command {
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("graph", "Print the graph of plugins as mermaid, dot or json")
        .with(Flag.value("mermaid|dot|json", "how to print it (default \"mermaid\")", FORMAT));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    String format = own.last(FORMAT, "mermaid").toLowerCase(Locale.ROOT);
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    GraphText graph = new GraphText(kernel.init());
    context
        .out()
        .print(
            switch (format) {
              case "mermaid" -> graph.mermaid();
              case "dot" -> graph.dot();
              case "json" -> graph.json();
              default ->
                  throw new CliException(
                      "--format: \"" + format + "\" is none of mermaid, dot, json");
            });
    kernel.problems().forEach(context.err()::println);
    return kernel.problems().isEmpty() ? 0 : 1;
  }
}
