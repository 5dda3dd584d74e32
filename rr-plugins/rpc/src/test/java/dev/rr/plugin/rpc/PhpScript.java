package dev.rr.plugin.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** PHP scripts that are resources, run by the real interpreter. */
final class PhpScript {
  private PhpScript() {}

  static Path copy(String resource, Path to) throws IOException {
    try (InputStream in = PhpScript.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), to);
    }
    return to;
  }

  /** The lines that the script printed; it has to end well within a minute. */
  static List<String> run(Path script, String... arguments)
      throws IOException, InterruptedException {
    Path output = script.resolveSibling("output");
    List<String> command =
        new ArrayList<>(
            List.of(
                "php",
                "-d",
                "display_errors=stderr",
                "-d",
                "memory_limit=512M",
                script.toString()));
    command.addAll(List.of(arguments));
    Process php =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(php.waitFor(60, TimeUnit.SECONDS)).as("PHP ends").isTrue();
      assertThat(php.exitValue()).isZero();
    } finally {
      php.destroyForcibly();
    }
    return Files.readAllLines(output, StandardCharsets.UTF_8);
  }
}
