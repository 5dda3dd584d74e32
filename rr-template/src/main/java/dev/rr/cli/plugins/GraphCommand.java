package dev.rr.cli.plugins;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.Command;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Words;
import dev.rr.kernel.Kernel;

/** Draws the graph of plugins as it stands with a configuration. Starts nothing. */
public final class GraphCommand implements Command {
  private static final String FORMAT = "--format";
  private static final Words FORMATS = Words.of("mermaid", "dot", "json");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("graph", "Print the graph of plugins as mermaid, dot or json")
        .with(Flag.choice(FORMATS, "how to print it (default \"mermaid\")", FORMAT));
  }

  @Override
  public int run(CommandContext context, Arguments own) throws Exception {
    Kernel kernel = new Kernel(context.assembly(), context.settings(), f -> {});
    GraphText graph = new GraphText(kernel.init());
    context
        .out()
        .print(
            switch (own.last(FORMAT, "mermaid")) {
              case "dot" -> graph.dot();
              case "json" -> graph.json();
              default -> graph.mermaid();
            });
    kernel.problems().forEach(context.err()::println);
    return kernel.problems().isEmpty() ? 0 : 1;
  }
}
