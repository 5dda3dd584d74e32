package dev.rr.plugin.sample;

import dev.rr.annotation.Plugin;
import dev.rr.api.cli.CliCommand;
import java.util.List;

/** The sub-command {@code rr sample}: prints its text and what it is given. */
@Plugin("sample")
final class SamplePlugin implements CliCommand {
  private final SampleConfig config;

  SamplePlugin(SampleConfig config) {
    this.config = config;
  }

  @Override
  public int run(List<String> arguments, Console console) {
    console.out().println((config.text() + " " + String.join(" ", arguments)).strip());
    return 0;
  }
}
