package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.cli.command.CliException;
import dev.rr.cli.command.CommandRun;
import dev.rr.kernel.EmptyAssembly;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class WorkersCommandTest {
  @TempDir Path folder;

  private CommandRun run(FakeServer server, String... plugins) throws Exception {
    CommandRun run = new CommandRun(new EmptyAssembly(), folder);
    String[] line = new String[plugins.length + 2];
    System.arraycopy(plugins, 0, line, 0, plugins.length);
    line[plugins.length] = "-o";
    line[plugins.length + 1] = "rpc.listen=" + server.address().dsn();
    assertThat(run.run(new WorkersCommand(), line)).isZero();
    return run;
  }

  private static String answer(String call) {
    return switch (call) {
      case "informer.Listtrue" -> "[\"http\",\"jobs\"]";
      case "informer.Workers\"http\"" -> "{\"workers\":[{\"pid\":31,\"statusStr\":\"ready\"}]}";
      default -> "null";
    };
  }

  @Test
  void showsAllPluginsThatHaveWorkers() throws Exception {
    try (FakeServer server = new FakeServer(WorkersCommandTest::answer)) {
      CommandRun run = run(server);
      assertThat(run.out()).startsWith("Workers of [http]:\n┌").contains("│ 31  │ ready ");
      assertThat(run.err()).isEmpty();
      assertThat(server.calls).contains("informer.Workers\"jobs\"", "informer.Jobs\"jobs\"");
    }
  }

  @Test
  void aPluginThatIsNoneIsToldWithTheNearest() throws Exception {
    try (FakeServer server = new FakeServer(WorkersCommandTest::answer)) {
      assertThatThrownBy(() -> run(server, "htpp"))
          .isInstanceOf(CliException.class)
          .hasMessage(
              "there is no plugin htpp; of http, jobs there are workers; did you mean http?");
    }
  }

  @Test
  void aServerThatCannotAnswerIsToldWhatItLacks() throws Exception {
    try (FakeServer server =
        new FakeServer(call -> "<rpc: can't find service " + call.split("true")[0] + ">")) {
      assertThatThrownBy(() -> run(server))
          .hasMessage(
              "the server has no plugin informer, so it cannot answer: add informer"
                  + " (dev.rr:rr-plugin-informer) to its build");
    }
    try (FakeServer server = new FakeServer(call -> "<broken>")) {
      assertThatThrownBy(() -> run(server)).hasMessage("failed to get list of plugins: broken");
    }
  }
}
