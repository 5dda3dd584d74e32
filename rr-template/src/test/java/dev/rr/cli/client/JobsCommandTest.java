package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.command.Arguments;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.GlobalOptions;
import dev.rr.cli.command.Program;
import dev.rr.cli.command.Terminal;
import dev.rr.kernel.FakeAssembly;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class JobsCommandTest {
  private static final JobsCommand JOBS = new JobsCommand();

  @TempDir Path folder;

  /** What the command prints when its server answers so. */
  private String run(FakeServer server, String... line) throws Exception {
    FakeAssembly assembly = new FakeAssembly();
    assembly.plugin("jobs");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Program program =
        new Program(null, List.of(line), folder, Map.of(), stream, stream, Terminal.NONE);
    Arguments given =
        Arguments.parse(
            "rr",
            List.of(line),
            GlobalOptions.FLAGS,
            new Arguments.Commands() {
              @Override
              public List<String> names() {
                return List.of("jobs");
              }

              @Override
              public CommandSpec spec(String name) {
                return JOBS.spec();
              }
            });
    GlobalOptions options =
        new GlobalOptions(
            ".rr.yaml",
            "",
            "",
            List.of("rpc.listen=" + server.address().dsn()),
            false,
            given.has("--silent"),
            false,
            false,
            false,
            false);
    assertThat(JOBS.run(new CommandContext(assembly, options, program), given)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void listsWhatTheServerHas() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{\"pipelines\":[\"b\",\"a\"]}")) {
      assertThat(run(server, "jobs", "--list", "-s"))
          .isEqualTo(
              """
              ┌─────────────┐
              │ PIPELINE(S) │
              ├─────────────┤
              │ b           │
              │ a           │
              └─────────────┘
              """);
      assertThat(server.calls).containsExactly("jobs.List{}");
    }
  }

  @Test
  void pausesWhatIsNamed() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{}")) {
      assertThat(run(server, "jobs", "--pause", " a,b ", "c")).contains("│ a ", "│ b ", "│ c ");
      assertThat(server.calls).containsExactly("jobs.Pause{\"pipelines\":[\"a\",\"b\",\"c\"]}");
      assertThat(run(server, "jobs", "--resume", "a", "-s")).isEmpty();
      assertThat(server.calls).endsWith("jobs.Resume{\"pipelines\":[\"a\"]}");
    }
  }

  @Test
  void showsWhatWasReallyDestroyed() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{\"pipelines\":[\"a\"]}")) {
      assertThat(run(server, "jobs", "--destroy", "a,b")).contains("│ a ").doesNotContain("│ b ");
    }
  }
}
