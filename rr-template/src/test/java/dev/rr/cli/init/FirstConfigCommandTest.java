package dev.rr.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.cli.command.CliException;
import dev.rr.cli.command.CommandContext;
import dev.rr.cli.command.CommandRun;
import dev.rr.cli.command.Terminal;
import dev.rr.kernel.FakeAssembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstConfigCommandTest {
  private static final FirstConfigCommand INIT = new FirstConfigCommand();

  private final FakeAssembly assembly = new FakeAssembly();
  private final List<String> asked = new ArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void binary() {
    for (String plugin : List.of("config", "rpc", "server", "http", "static", "logger")) {
      assembly.plugin(plugin);
    }
  }

  private String written(String... files) throws Exception {
    for (String file : files) {
      String[] parts = file.split("=", 2);
      Path path = folder.resolve(parts[0]);
      Files.createDirectories(path.getParent());
      Files.writeString(path, parts.length == 1 ? "" : parts[1]);
    }
    CommandRun run = new CommandRun(assembly, folder);
    assertThat(run.run(INIT)).isZero();
    return Files.readString(folder.resolve(".rr.yaml")) + run.out();
  }

  @Test
  void aWorkerScriptIsTheCommand() throws Exception {
    assertThat(written("psr-worker.php", "worker.php"))
        .isEqualTo(
            """
            # Written by rr init for the worker psr-worker.php.
            # What is in force, and why: rr config show. What may stand here: rr config schema.
            version: "3"

            # Where rr workers and rr reset, and PHP's own calls, reach the server.
            rpc:
              listen: tcp://127.0.0.1:6001

            server:
              command: "php psr-worker.php"

            http:
              # :8080 listens on every address of the machine.
              address: 127.0.0.1:8080
              pool:
                # One for each core, unless a number stands here.
                num_workers: 0
                supervisor:
                  # A worker of more megabytes is replaced after its request.
                  max_worker_memory: 256

            logs:
              # production writes JSON, a line for each record.
              mode: development
              level: info
            """
                + "wrote "
                + folder
                + "/.rr.yaml for the worker psr-worker.php\n");
  }

  @Test
  void laravelWithOctaneNeedsItsVariables() throws Exception {
    assertThat(
            written(
                "artisan",
                "public/index.php",
                "composer.json={\"require\": {\"laravel/octane\": \"^2\"}}"))
        .contains(
            "command: \"php vendor/bin/roadrunner-worker\"\n  env:\n    APP_BASE_PATH: '.'\n"
                + "    LARAVEL_OCTANE: '1'\n",
            "  middleware: [static]\n  static:\n    dir: public\n")
        .doesNotContain("still missing");
  }

  @Test
  void laravelWithoutAPackageForItSaysWhichToAdd() throws Exception {
    assertThat(written("artisan", "composer.json={broken"))
        .endsWith("still missing: composer require laravel/octane spiral/roadrunner-http\n");
  }

  @Test
  void laravelsOtherBridgeHasItsOwnCommand() throws Exception {
    assertThat(
            written(
                "artisan",
                "composer.json={\"require\": {\"roadrunner-php/laravel-bridge\": \"*\"}}"))
        .contains("command: \"php vendor/bin/rr-worker start\"");
  }

  @Test
  void symfonyRunsItsFrontController() throws Exception {
    assertThat(
            written(
                "bin/console",
                "composer.json={\"require\": {\"baldinof/roadrunner-bundle\": \"^3\"}}"))
        .contains(
            "command: \"php public/index.php\"",
            "APP_RUNTIME: 'Baldinof\\RoadRunnerBundle\\Runtime\\Runtime'");
  }

  @Test
  void spiralHasAScriptOfItsOwn() throws Exception {
    assertThat(written("app.php", "composer.json={\"require\": {\"spiral/framework\": \"^3\"}}"))
        .contains("command: \"php app.php\"");
  }

  @Test
  void anEmptyFolderIsToldWhatIsMissing() throws Exception {
    assertThat(written())
        .endsWith(
            "still missing: write worker.php: composer require spiral/roadrunner-http"
                + " nyholm/psr7\n");
  }

  @Test
  void onlySectionsThatTheBinaryReadsAreWritten() throws Exception {
    FakeAssembly small = new FakeAssembly();
    small.plugin("http");
    CommandRun run = new CommandRun(small, folder);
    run.run(INIT);
    assertThat(Files.readString(folder.resolve(".rr.yaml")))
        .contains("http:")
        .doesNotContain("rpc:", "server:", "logs:", "static");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.writeString(folder.resolve(".rr.yaml"), "mine");
    assertThatThrownBy(() -> new CommandRun(assembly, folder).run(INIT))
        .isInstanceOf(CliException.class)
        .hasMessage(
            folder
                + "/.rr.yaml is there already and stays as it is; -c names another file to write");
    assertThat(folder.resolve(".rr.yaml")).hasContent("mine");
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    assertThatThrownBy(() -> new CommandRun(assembly, folder).run(INIT, "-c", "nowhere/a.yaml"))
        .hasMessage("cannot write " + folder + "/nowhere/a.yaml: no such file or directory");
  }

  private void offer(String answer, String... flags) throws CliException {
    Terminal terminal =
        new Terminal() {
          @Override
          public Optional<String> ask(String question) {
            asked.add(question);
            return Optional.of(answer).filter(a -> !a.equals("nobody"));
          }
        };
    CommandContext context = new CommandRun(assembly, folder).at(terminal).context(INIT, flags);
    FirstConfigCommand.offer(context, context.settings());
  }

  @Test
  void aServerWithoutAFileOffersToWriteOne() throws Exception {
    Files.writeString(folder.resolve("worker.php"), "");
    offer("");
    offer("n");
    offer("nobody");
    assertThat(folder.resolve(".rr.yaml")).doesNotExist();
    assertThat(asked)
        .hasSize(3)
        .containsOnly(
            "There is no " + folder + "/.rr.yaml. Write one for the worker worker.php? [y/N] ");
    offer("Yes");
    assertThat(folder.resolve(".rr.yaml")).exists();
    offer("y");
    assertThat(asked).hasSize(4);
  }

  @Test
  void nobodyIsAskedAboutAFileThatWasNamed() throws Exception {
    offer("y", "-c", "misspelt.yaml");
    assertThat(asked).isEmpty();
    assertThat(folder.resolve("misspelt.yaml")).doesNotExist();
  }
}
