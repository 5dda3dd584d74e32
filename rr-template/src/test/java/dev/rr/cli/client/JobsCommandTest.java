package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.command.CommandRun;
import dev.rr.kernel.FakeAssembly;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class JobsCommandTest {
  @TempDir Path folder;

  /** What the command prints when its server answers so. */
  private String run(FakeServer server, String... line) throws Exception {
    FakeAssembly assembly = new FakeAssembly();
    assembly.plugin("jobs");
    CommandRun run = new CommandRun(assembly, folder);
    List<String> all = new ArrayList<>(List.of(line));
    all.add("-o");
    all.add("rpc.listen=" + server.address().dsn());
    assertThat(run.run(new JobsCommand(), all.toArray(String[]::new))).isZero();
    return run.out();
  }

  @Test
  void listsWhatTheServerHas() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{\"pipelines\":[\"b\",\"a\"]}")) {
      assertThat(run(server, "--list", "-s"))
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
      assertThat(run(server, "--pause", " a,b ", "c")).contains("│ a ", "│ b ", "│ c ");
      assertThat(server.calls).containsExactly("jobs.Pause{\"pipelines\":[\"a\",\"b\",\"c\"]}");
      assertThat(run(server, "--resume", "a", "-s")).isEmpty();
      assertThat(server.calls).endsWith("jobs.Resume{\"pipelines\":[\"a\"]}");
    }
  }

  @Test
  void showsWhatWasReallyDestroyed() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{\"pipelines\":[\"a\"]}")) {
      assertThat(run(server, "--destroy", "a,b")).contains("│ a ").doesNotContain("│ b ");
    }
  }
}
