package dev.rr.plugin.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.cli.CliCommand.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplePluginTest {
  @Test
  void printsItsTextAndItsArguments() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, UTF_8);

    int exit =
        new SamplePlugin(new SampleConfig("good morning"))
            .run(List.of("Ada"), new Console(out, out, false));

    assertThat(exit).isZero();
    assertThat(printed.toString(UTF_8)).isEqualTo("good morning Ada\n");
  }
}
