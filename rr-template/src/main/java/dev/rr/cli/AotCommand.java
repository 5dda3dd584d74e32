package dev.rr.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Makes the cache that lets this file start faster. */
final class AotCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("aot");
    spec.usageMessage().description("Make the start-up cache of this file and configuration");
    return spec;
  }

  @Override
  public int run(Context context, ParseResult own) throws Exception {
    throw new CliException("rr aot works on a packed file; this runs from classes");
  }
}
