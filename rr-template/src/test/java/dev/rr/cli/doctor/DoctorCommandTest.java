package dev.rr.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.command.CommandRun;
import dev.rr.kernel.FakeAssembly;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorCommandTest {
  private final FakeAssembly assembly = new FakeAssembly();

  @TempDir Path folder;

  @Test
  void aMachineOnWhichTheServerRunsIsFine() throws Exception {
    assembly.config();
    assembly.plugin("work");
    assembly.plugin("server");
    CommandRun run = new CommandRun(assembly, folder);
    assertThat(run.run(new DoctorCommand())).isZero();
    assertThat(run.out())
        .contains(
            "  CHECK  ", "│ configuration │ ok ", "every plugin takes it as it is", "php is PHP ")
        .doesNotContain("\u001b[");
    assertThat(assembly.seen).noneMatch(s -> s.startsWith("start"));
  }

  @Test
  void whatKeepsItFromRunningIsAProblemWithItsRemedy() throws Exception {
    assembly.config();
    assembly
        .plugin("work")
        .onInit(h -> {
          throw new IllegalStateException(
              "broken in a way that takes many words to tell, more than there is room for in one"
                  + " line");
        });
    CommandRun run = new CommandRun(assembly, folder);
    assertThat(run.run(new DoctorCommand())).isOne();
    assertThat(run.out())
        .contains(
            "│ configuration │ problem │ init error from the plugin work: broken in a way that"
                + " takes",
            "│               │         │ → change the file; rr config show tells what is in force")
        .contains("problems: 1, warnings: ");
  }
}
