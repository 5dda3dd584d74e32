package dev.rr.cli;

import dev.rr.kernel.Kernel;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Draws the graph of plugins as it stands with a configuration. Starts nothing. */
final class GraphCommand implements Command {
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("graph");
    spec.usageMessage().description("Print the graph of plugins as mermaid, dot or json");
    spec.addOption(
        OptionSpec.builder(FORMAT)
            .type(String.class)
            .arity("1")
            .paramLabel("mermaid|dot|json")
            .description("how to print it (default \"mermaid\")")
            .build());
    return spec;
  }

  @Override
  public int run(Context context, ParseResult own) throws Exception {
    String format = own.matchedOptionValue(FORMAT, "mermaid").toLowerCase(Locale.ROOT);
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
