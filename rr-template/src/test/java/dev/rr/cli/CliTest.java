package dev.rr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.cli.command.Program;
import dev.rr.cli.command.Terminal;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.EmptyAssembly;
import dev.rr.kernel.FakeAssembly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CliTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new TreeMap<>();
  private Assembly assembly = new EmptyAssembly();

  @TempDir Path folder;

  private int run(String... arguments) {
    return Cli.run(
        assembly,
        new Program(
            null,
            List.of(arguments),
            folder,
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Terminal.NONE));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutArgumentsItPrintsHelp() {
    assertThat(run()).isZero();
    assertThat(out()).contains("Usage:", "Available Commands:", "Flags:", "serve", "--WorkDir");
  }

  @Test
  void versionNamesTheLock() {
    assertThat(run("-v")).isZero();
    assertThat(out())
        .matches(
            "rr version 2025\\.1\\.15 \\(build time: development, lock: 0123456789ab, version:"
                + " 1\\.2\\.3, rr 0\\.1\\.0, java .*\\), OS: .*, arch: .*\\R");
  }

  @Test
  void anUnknownCommandIsNamedWithItsNearest() {
    assertThat(run("foobar")).isOne();
    assertThat(err()).isEqualTo("unknown command \"foobar\" for \"rr\"\n");
    err.reset();
    run("serv");
    assertThat(err()).contains("Did you mean this?\n\tserve");
  }

  @Test
  void anUnknownFlagIsNamed() {
    assertThat(run("serve", "--x")).isOne();
    assertThat(err()).isEqualTo("unknown flag: --x\n");
    err.reset();
    run("-x");
    assertThat(err()).isEqualTo("unknown shorthand flag: 'x' in -x\n");
    err.reset();
    run("serve", "-c");
    assertThat(err()).isEqualTo("flag needs an argument: 'c' in -c\n");
    err.reset();
    run("serve", "--config");
    assertThat(err()).isEqualTo("flag needs an argument: --config\n");
    err.reset();
    run("serve", "--confg", "x");
    assertThat(err()).isEqualTo("unknown flag: --confg\n\nDid you mean this?\n\t--config\n");
  }

  @Test
  void anArgumentThatIsNoneOfTheWordsIsNamedWithThem() {
    assertThat(run("config", "chekc")).isOne();
    assertThat(err()).startsWith("invalid argument \"chekc\" for \"rr config\": check");
    assertThat(err()).endsWith("; did you mean check?\n");
    err.reset();
    assertThat(run("graph", "--format", "svg")).isOne();
    assertThat(err()).isEqualTo("invalid argument \"svg\" for \"--format\": mermaid, dot, json\n");
  }

  @Test
  void aCommandsOwnFlagsStandBeforeItsNameAsWell() {
    assembly = new FakeAssembly();
    assertThat(run("-i", "workers")).isOne();
    assertThat(err()).startsWith("this binary has no plugin rpc");
    err.reset();
    assertThat(run("-cserve", "--format=dot", "graph")).isZero();
    assertThat(run("serve", "-i")).isOne();
    assertThat(err()).isEqualTo("unknown shorthand flag: 'i' in -i\n");
  }

  @Test
  void helpGoesBeforeTheVersion() {
    assertThat(run("-vh")).isZero();
    assertThat(out()).contains("Usage:").doesNotContain("build time");
  }

  @Test
  void resetFailsWhereNobodyListens() {
    assertThat(run("reset", "http", "-o", "rpc.listen=tcp://127.0.0.1:1")).isOne();
    assertThat(err()).startsWith("cannot reach the server on tcp://127.0.0.1:1: ");
  }

  @Test
  void jobsSaysWhatItNeeds() {
    assertThat(run("jobs")).isOne();
    assertThat(err())
        .isEqualTo(
            "command should be in form of: `rr jobs --<destroy/resume/pause> pipe1,pipe2`, or `rr"
                + " jobs --list`\n");
    err.reset();
    assertThat(run("jobs", "--pause", " , ")).isOne();
    assertThat(err())
        .isEqualTo("incorrect command usage, should be: rr jobs --pause pipe1,pipe2\n");
    err.reset();
    assertThat(run("jobs", "--list")).isOne();
    assertThat(err())
        .isEqualTo(
            "this binary has no plugin jobs, so its server has no pipelines: add jobs to the"
                + " build\n");
  }

  @Test
  void flagsAreReadAsUpstreamReadsThem() {
    FakeAssembly fake = noting();
    assertThat(run("plugins", "-sp", "-ca.yaml", "-o=a=1", "--override=b=2", "--silent=false"))
        .isZero();
    assertThat(fake.seen).contains(folder + "/a.yaml " + folder + " [a=1, b=2]");
    assertThat(run("serve", "--", "--x")).isOne();
    assertThat(err()).isEqualTo("unknown argument \"--x\" for \"rr serve\"\n");
    err.reset();
    assertThat(run("serve", "--silent=maybe")).isOne();
    assertThat(err()).contains("invalid argument \"maybe\" for \"--silent\"");
  }

  @Test
  void aPluginBringsASubCommand() {
    FakeAssembly fake = new FakeAssembly();
    fake.plugin("db")
        .command(
            "migrate",
            (arguments, console) -> {
              console.out().println("up " + arguments);
              return 3;
            });
    assembly = fake;
    assertThat(run()).isZero();
    assertThat(out()).contains("  migrate     A command of the plugin db\n");
    out.reset();
    assertThat(run("-s", "migrate", "one", "--dry", "-x", "-c", "a.yaml", "--", "-s")).isEqualTo(3);
    assertThat(out()).isEqualTo("up [one, --dry, -x, -s]\n");
    assertThat(fake.seen).containsExactly("new db", "init db");
  }

  @Test
  void aSubCommandOfAPluginThatDoesNotLiveSaysWhy() {
    FakeAssembly fake = new FakeAssembly();
    fake.config();
    fake.plugin("db").enabledBy("db").command("migrate", (arguments, console) -> 0);
    assembly = fake;
    assertThat(run("migrate")).isOne();
    assertThat(err())
        .isEqualTo(
            "the command migrate is not available: the plugin db is disabled: no section \"db\"\n");
  }

  @Test
  void aPluginsSubCommandTakesNoneOfOursAway() {
    FakeAssembly fake = new FakeAssembly();
    fake.plugin("own").command("help", (arguments, console) -> 3);
    assembly = fake;
    assertThat(run("help")).isZero();
    assertThat(out()).contains("Available Commands:");
  }

  @Test
  void anEmptyConfigurationPathIsRefused() {
    assertThat(run("serve", "-c", "")).isOne();
    assertThat(err()).isEqualTo("no configuration file provided\n");
  }

  @Test
  void aServerWithoutPluginsSaysSo() {
    assertThat(run("serve")).isOne();
    assertThat(err()).isEqualTo("no plugins registered\n");
  }

  @Test
  void flagsStandBeforeOrAfterTheCommand() {
    FakeAssembly fake = noting();
    assertThat(run("-c", "conf/a.yaml", "-o", "a=1", "plugins", "-o", "b=x,y")).isZero();
    assertThat(fake.seen).contains(folder + "/conf/a.yaml " + folder + "/conf [a=1, b=x,y]");
  }

  @Test
  void theWorkDirectoryIsTheConfigurationsUnlessItIsGiven() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    FakeAssembly fake = noting();
    run("plugins", "-w", "work", "-c", "../conf/a.yaml");
    assertThat(fake.seen).contains(folder + "/conf/a.yaml " + folder + "/work []");
    err.reset();
    assertThat(run("plugins", "-w", "nowhere")).isOne();
    assertThat(err()).isEqualTo("chdir " + folder + "/nowhere: no such directory\n");
  }

  @Test
  void aDotenvFileLiesUnderTheEnvironment() throws IOException {
    Files.writeString(folder.resolve(".env"), "A=file\nexport B='two words'\n");
    environment.put("A", "system");
    FakeAssembly fake = new FakeAssembly();
    fake.plugin("x").onInit(h -> fake.seen.add(h.environment().toString()));
    assembly = fake;
    run("plugins", "--dotenv", ".env");
    assertThat(fake.seen).anyMatch(s -> s.contains("A=system") && s.contains("B=two words"));
  }

  @Test
  void aMissingDotenvFileIsAnErrorUnlessTheEnvironmentSaysOtherwise() {
    assertThat(run("plugins", "--dotenv", "foo/bar")).isOne();
    assertThat(err()).contains("open " + folder + "/foo/bar: no such file or directory");
    environment.put("DOTENV_PATH", "");
    assertThat(run("plugins", "--dotenv", "foo/bar")).isZero();
  }

  @Test
  void pluginsShowsWhatLivesAndWhyOthersDoNot() {
    FakeAssembly fake = new FakeAssembly();
    fake.config();
    fake.plugin("server").enabledBy("server").offers("x.Server");
    fake.plugin("http").needs("x.Server");
    assembly = fake;
    assertThat(run("plugins")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            ┌────────┬─────────┬──────────┬───────────────────────────────────────────────────────────────────────────┐
            │ PLUGIN │ VERSION │  STATE   │                                    WHY                                    │
            ├────────┼─────────┼──────────┼───────────────────────────────────────────────────────────────────────────┤
            │ config │ 1.0.0   │ live     │                                                                           │
            │ server │ 1.0.0   │ disabled │ no section "server"                                                       │
            │ http   │ 1.0.0   │ disabled │ needs x.Server, offered by server, which is disabled: no section "server" │
            └────────┴─────────┴──────────┴───────────────────────────────────────────────────────────────────────────┘
            """);
    assertThat(fake.seen).noneMatch(s -> s.startsWith("start"));
  }

  @Test
  void theGraphIsDrawnInThreeWays() {
    FakeAssembly fake = new FakeAssembly();
    fake.plugin("server").enabledBy("server").offers("x.Server");
    fake.plugin("http").needs("x.Server").collects("x.M");
    fake.plugin("gzip").offers("x.M");
    assembly = fake;
    assertThat(run("graph")).isZero();
    assertThat(out())
        .contains(
            "p_server[\"server\"]:::disabled",
            "p_server -->|Server| p_http",
            "p_gzip -.->|M| p_http");
    out.reset();
    run("graph", "--format", "dot");
    assertThat(out()).contains("\"server\" -> \"http\" [label=\"Server\", style=solid];");
    out.reset();
    run("graph", "--format=json");
    assertThat(out())
        .contains(
            "{\"from\":\"gzip\",\"to\":\"http\",\"strength\":\"collected\",\"contract\":\"x.M\"}")
        .contains("\"reason\":\"no section \\\"server\\\"\"");
  }

  @Test
  void configCheckSaysWhatIsWrong() {
    FakeAssembly fake = new FakeAssembly();
    fake.config();
    fake.plugin("http");
    assembly = fake;
    assertThat(run("config", "check")).isZero();
    assertThat(out()).contains("the configuration is correct");
    fake = new FakeAssembly();
    fake.config();
    fake.plugin("x")
        .onInit(h -> {
          throw new IllegalStateException("broken");
        });
    assembly = fake;
    assertThat(run("config", "check")).isOne();
    assertThat(err()).contains("init error from the plugin x: broken");
  }

  @Test
  void configCheckRefusesWhatServeRefuses() {
    FakeAssembly fake = new FakeAssembly();
    fake.config();
    fake.plugin("http");
    fake.unknownKey("htpp");
    assembly = fake;
    assertThat(run("config", "check")).isZero();
    assertThat(err()).isEqualTo("[WARN] .rr.yaml:7: htpp: nothing in this binary reads it\n");
    for (String command : List.of("serve", "config check")) {
      assertThat(run((command + " --strict").split(" "))).isOne();
    }
    fake = new FakeAssembly();
    fake.config();
    fake.plugin("http").enabledBy("http");
    assembly = fake;
    for (String command : List.of("serve", "config check")) {
      err.reset();
      assertThat(run(command.split(" "))).isOne();
      assertThat(err()).contains("nothing to serve", "http: no section \"http\"");
    }
  }

  @Test
  void aCheckNamesWhatIsOffInOneLineAndWhatWasAskedForInItsOwn() {
    FakeAssembly fake = new FakeAssembly();
    fake.config();
    fake.section("http");
    fake.plugin("work");
    fake.plugin("tcp").enabledBy("tcp");
    fake.plugin("server").enabledBy("server").offers("x.Server");
    fake.plugin("http").enabledBy("http").needs("x.Server");
    assembly = fake;
    assertThat(run("config", "check")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            the configuration is correct; 2 of 5 plugins live with it
            off: http, server, tcp; rr plugins tells why
            """);
    assertThat(err())
        .startsWith("[WARN] http does not run: it needs x.Server, offered by server, which is");
  }

  @Test
  void stopNeedsThePidFile() throws IOException {
    assertThat(run("stop")).isOne();
    assertThat(err())
        .isEqualTo(
            "open .pid: no such file or directory, to create a .pid file, you must run RR with the"
                + " following options: './rr serve -p'\n");
    Files.writeString(folder.resolve(".pid"), "12\n");
    err.reset();
    assertThat(run("stop")).isOne();
    assertThat(err()).contains("does not hold a process id: \"12\"");
  }

  @Test
  void stopEndsTheProcess() throws Exception {
    // A server is a program of the same name as this one.
    Path program = Files.copy(Path.of("/bin/sleep").toRealPath(), folder.resolve("java"));
    Process sleeping = new ProcessBuilder(program.toString(), "60").start();
    try {
      Files.writeString(folder.resolve(".pid"), Long.toString(sleeping.pid()));
      assertThat(run("stop")).isZero();
      assertThat(sleeping.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(err())
          .matches("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d stopping process with PID: \\d+\\n");
    } finally {
      sleeping.destroyForcibly();
    }
  }

  @Test
  void stopLeavesAStrangerAloneThatHasTheNumberOfAServerWhichIsGone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(folder.resolve(".pid"), Long.toString(stranger.pid()));
      assertThat(run("stop", "-f")).isOne();
      assertThat(err())
          .isEqualTo(
              "the process %d, which .pid names, is no server but sleep: the file is left of one that has ended, remove it\n"
                  .formatted(stranger.pid()));
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void helpAndCompletionAreThere() {
    assertThat(run("help", "serve")).isZero();
    assertThat(out()).contains("Start the server", "--config");
    out.reset();
    assertThat(run("completion")).isZero();
    assertThat(out()).contains("complete -F _rr_complete 'rr'");
    out.reset();
    assertThat(run("completion", "zsh")).isZero();
    assertThat(out()).startsWith("#compdef rr\n");
    assertThat(run("completion", "tcsh")).isOne();
    assertThat(err()).contains("bash, zsh, fish");
  }

  private FakeAssembly noting() {
    FakeAssembly fake = new FakeAssembly();
    fake.plugin("x")
        .onInit(h -> fake.seen.add(h.configFile() + " " + h.workDirectory() + " " + h.overrides()));
    assembly = fake;
    return fake;
  }
}
