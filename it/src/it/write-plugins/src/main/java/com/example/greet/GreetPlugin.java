package com.example.greet;

import dev.rr.annotation.Plugin;
import dev.rr.api.cli.CliCommand;
import java.util.List;

/** The sub-command {@code rr greet NAME...}. */
@Plugin("greet")
final class GreetPlugin implements CliCommand {
  private final GreetConfig config;

  GreetPlugin(GreetConfig config) {
    this.config = config;
  }

  @Override
  public int run(List<String> arguments, Console console) {
    arguments.forEach(name -> console.out().println(config.word() + ", " + name));
    return arguments.isEmpty() ? 1 : 0;
  }
}
