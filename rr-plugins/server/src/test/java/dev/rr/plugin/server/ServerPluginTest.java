package dev.rr.plugin.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.worker.Answer;
import dev.rr.testing.worker.FakeWorker;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
final class ServerPluginTest {
  @TempDir Path folder;
  private final RecordingLog log = new RecordingLog();

  @Test
  void startsWorkersWithTheEnvironmentThatTheyExpect() throws Exception {
    // References were expanded when the configuration was read; what is left is the user's text.
    ServerPlugin plugin = plugin(config("", "", Map.of("foo", "a-$BASE"), "pipes"));
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    Pool pool = plugin.pool("http", PoolConfig.of(1), Map.of("rr_mode", "http"));
    try {
      pool.start();
      assertThat(env(pool, "FOO")).isEqualTo("a-$BASE");
      assertThat(env(pool, "RR_MODE")).isEqualTo("http");
      assertThat(env(pool, "RR_RELAY")).isEqualTo("pipes");
      assertThat(env(pool, "RR_RPC")).isEqualTo("tcp://127.0.0.1:6001");
      assertThat(env(pool, "RR_VERSION")).isEqualTo(Host.ROADRUNNER);
      assertThat(env(pool, "BASE")).isEqualTo("base");
    } finally {
      pool.stop(Deadline.after(Duration.ofSeconds(5)));
      plugin.stop(Deadline.after(Duration.ZERO));
    }
  }

  @Test
  void servesOverARelativeUnixSocket() throws Exception {
    ServerPlugin plugin = plugin(config("", "", Map.of(), "unix://relay.sock"));
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    Pool pool = plugin.pool("jobs", PoolConfig.of(1), Map.of());
    try {
      pool.start();
      assertThat(env(pool, "RR_RELAY")).isEqualTo("unix://relay.sock");
    } finally {
      pool.stop(Deadline.after(Duration.ofSeconds(5)));
      plugin.stop(Deadline.after(Duration.ZERO));
    }
    assertThat(folder.resolve("relay.sock")).doesNotExist();
  }

  @Test
  void takesThePoolsOwnCommand() {
    ServerPlugin plugin = plugin(config("", "", Map.of(), "pipes"));
    assertThat(plugin.command(own("php other.php"))).containsExactly("php", "other.php");
    assertThat(plugin.command(PoolConfig.of(1))).contains("-n");
    assertThat(plugin.uid()).isEqualTo(-1);
    assertThat(plugin.gid()).isEqualTo(-1);
  }

  @Test
  void tellsOfACommandThatCannotBeWhenThePoolStartsAndNotBefore() throws Exception {
    ServerPlugin plugin = plugin(config("", "", Map.of(), "pipes"));
    Pool pool = plugin.pool("http", own("php 'open"), Map.of());
    assertThat(pool.workers()).isEmpty();
    assertThatThrownBy(pool::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the quote at character 5 of <php 'open> is not closed");
    pool.stop(Deadline.after(Duration.ZERO));
  }

  @Test
  void tellsWithoutStartingThatAProgramIsMissingAtTheKeyThatNamesIt() throws Exception {
    String path = "(" + System.getenv("PATH") + ")";
    ServerPlugin plugin = plugin(config(StringOrList.of("no-such-php w.php"), Optional.empty()));
    assertThat(poolProblems(plugin, PoolConfig.of(1)))
        .containsExactly("server.command: the program no-such-php was not found in PATH " + path);
    assertThat(poolProblems(plugin, own("./no/php w.php")))
        .containsExactly("x.pool.command: the program ./no/php does not exist in " + folder);
    assertThat(poolProblems(plugin, own("php 'open")))
        .singleElement()
        .asString()
        .startsWith("x.pool.command: command: the quote at character 5");
    assertThat(FoundProblems.of(plugin(onInit("no-such-binary", "60s", true))))
        .containsExactly(
            "server.on_init.command: the program no-such-binary was not found in PATH " + path);
  }

  @Test
  void refusesNoStartForAProgramThatOnInitMayBringOrNeedNotBe() throws Exception {
    ServerPlugin plugin = plugin(onInit("no-such-binary", "60s", false));
    assertThat(FoundProblems.of(plugin)).isEmpty();
    assertThat(poolProblems(plugin, own("no-such-php w.php"))).isEmpty();
  }

  /** What a plugin with a pool finds in its check. */
  private List<String> poolProblems(ServerPlugin server, PoolConfig pool) throws Exception {
    return FoundProblems.of(
        new Lifecycle() {
          @Override
          public void check(Problems problems) {
            server.check(pool, "x.pool", new FakeConfigurer(Map.of()), problems);
          }
        });
  }

  private static PoolConfig own(String command) {
    return new PoolConfig(
        false,
        StringOrList.of(command),
        1,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void splitsACommandAtCommasUnlessThatIsTheNameOfAProgram() throws IOException {
    ServerPlugin plugin = plugin(config(StringOrList.of("./php,8 w.php"), Optional.empty()));
    assertThat(plugin.command(PoolConfig.of(1))).containsExactly("./php", "8 w.php");
    Path program = Files.createFile(folder.resolve("php,8"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(plugin.command(PoolConfig.of(1))).containsExactly("./php,8", "w.php");
  }

  @Test
  void runsWorkersAsAnotherUserAndGroup() throws Exception {
    if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
      assertThat(FoundProblems.of(plugin(config("nobody", "", Map.of(), "pipes"))))
          .containsExactly("server.user: only root can start processes as nobody");
      return;
    }
    ServerPlugin plugin = plugin(config("nobody", "daemon", Map.of(), "pipes"));
    assertThat(FoundProblems.of(plugin)).isEmpty();
    Files.setAttribute(
        folder,
        "posix:permissions",
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Pool pool = plugin.pool("http", PoolConfig.of(1), Map.of());
    try {
      pool.start();
      Path process = Path.of("/proc/" + pool.workers().getFirst().pid());
      String status = Files.readString(process.resolve("status"));
      assertThat(status).containsPattern("Uid:\\s+" + plugin.uid() + "\\s");
      assertThat(status).containsPattern("Gid:\\s+" + plugin.gid() + "\\s");
      assertThat(status).containsPattern("Groups:\\s*\n");
      assertThat(plugin.gid()).isEqualTo(1);
    } finally {
      pool.stop(Deadline.after(Duration.ofSeconds(5)));
    }
  }

  @Test
  void refusesAUserOrGroupThatDoesNotExist() throws Exception {
    assertThat(FoundProblems.of(plugin(config("no-such-user", "", Map.of(), "pipes"))))
        .containsExactly("server.user: there is no user no-such-user");
    assertThat(FoundProblems.of(plugin(config("", "no-such-group", Map.of(), "pipes"))))
        .containsExactly("server.group: there is no group no-such-group");
  }

  @Test
  void saysBeforeTheStartWhatIsNoRelay() {
    String allowed =
        "; allowed are pipes, tcp://host:port, tcp://:port, tcp://[v6]:port and unix://path, for"
            + " example unix://relay.sock";
    assertThat(problems("pipes")).isEmpty();
    assertThat(problems(" ")).isEmpty();
    assertThat(problems("unix://relay.sock")).isEmpty();
    assertThat(problems("pupes"))
        .containsExactly(
            "server.relay: 'pupes' is no address: it does not begin with tcp:// or unix://"
                + allowed);
    assertThat(problems("udp://x:1"))
        .containsExactly("server.relay: 'udp://x:1' is no address: udp:// is not known" + allowed);
    assertThat(problems("tcp://x:99999"))
        .containsExactly(
            "server.relay: 'tcp://x:99999' is no address: '99999' is no port from 0 to 65535"
                + allowed);
  }

  private List<String> problems(String relay) {
    return FoundProblems.of(config("", "", Map.of(), relay), "server");
  }

  @Test
  void aRelayInUseNamesTheKeyAndTheAddress() throws Exception {
    ServerPlugin first = plugin(config("", "", Map.of(), "unix://relay.sock"));
    first.start();
    try {
      ServerPlugin second = plugin(config("", "", Map.of(), "unix://relay.sock"));
      assertThatThrownBy(second::start)
          .hasMessage(
              "server.relay: cannot listen on unix://relay.sock: the address is in use by another"
                  + " program");
    } finally {
      first.stop(Deadline.after(Duration.ZERO));
    }
  }

  @Test
  void refusesACommandThatCannotBe() {
    assertThat(FoundProblems.of(config(StringOrList.of(" "), Optional.empty()), "server"))
        .containsExactly("server.command: command should not be empty");
  }

  @Test
  void runsOnInitWithItsVariablesAndLogsItsOutput() throws Exception {
    ServerPlugin plugin =
        plugin(onInit("sh -c 'echo out $INIT; echo err $RR_VERSION >&2'", "60s", true));
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    assertThat(log.with("out base")).isNotEmpty();
    // Only its own variables and the server's environment.
    assertThat(log.with("err")).isNotEmpty().noneMatch(r -> r.contains("1.2.3"));
    plugin.stop(Deadline.after(Duration.ZERO));
  }

  @Test
  void logsAllThatOnInitSaidAndWaitsForNothingItLeftBehind() throws Exception {
    long begun = System.nanoTime();
    plugin(onInit("sh -c 'sleep 60 & echo $!; seq 1 30000; echo last'", "60s", true)).start();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    // In pieces, as it was read.
    String said =
        log.records().stream()
            .map(r -> r.replaceAll("^INFO | \\[command, on_init]$|\\s", ""))
            .collect(Collectors.joining());
    assertThat(said).endsWith("2999930000last");
    long left = Long.parseLong(log.records().getFirst().replaceAll("(?s)\\D*(\\d+).*", "$1"));
    ProcessHandle.of(left).ifPresent(ProcessHandle::destroy);
  }

  @Test
  void endsTheStartWhenOnInitFailsAndThatIsAsked() {
    assertThatThrownBy(() -> plugin(onInit("sh -c 'exit 4'", "60s", true)).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with code 4");
    assertThatThrownBy(() -> plugin(onInit("no-such-binary", "60s", true)).start())
        .hasMessageContaining("no-such-binary was not found in PATH");
    assertThatThrownBy(() -> plugin(onInit("sleep 3600", "100ms", true)).start())
        .hasMessage("startup process has been killed by timeout");
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    ServerConfig listens = config("", "", Map.of(), "unix://relay.sock");
    LifecycleContract.holds(
        () -> plugin(listens),
        () ->
            plugin(
                new ServerConfig(
                    listens.command(),
                    "",
                    "",
                    Map.of(),
                    listens.relay(),
                    Optional.empty(),
                    onInit("sh -c 'exit 4'", "60s", true).onInit())));
  }

  @Test
  void goesOnWhenOnInitFailsOtherwise() throws Exception {
    plugin(onInit("sh -c 'exit 4'", "60s", false)).start();
    plugin(onInit("sleep 3600", "100ms", false)).start();
    assertThat(log.with("on_init was finished with errors")).hasSize(2);
  }

  private ServerPlugin plugin(ServerConfig config) {
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "BASE", "base");
    return new ServerPlugin(
        config,
        new FakeConfigurer(environment),
        new FakeHost(folder, System.getenv()),
        name -> log);
  }

  private ServerConfig config(String user, String group, Map<String, String> env, String relay) {
    StringOrList command = new StringOrList(FakeWorker.command(folder), true);
    return new ServerConfig(
        command, user, group, env, relay, Optional.of(Duration.ofSeconds(20)), Optional.empty());
  }

  private ServerConfig config(StringOrList command, Optional<ServerConfig.OnInit> onInit) {
    return new ServerConfig(command, "", "", Map.of(), "pipes", Optional.empty(), onInit);
  }

  private ServerConfig onInit(String command, String timeout, boolean exitOnError) {
    Duration wait = timeout.equals("60s") ? Duration.ofSeconds(60) : Duration.ofMillis(100);
    ServerConfig.OnInit init =
        new ServerConfig.OnInit(
            StringOrList.of(command), wait, Map.of("init", "base"), "", exitOnError);
    return config(StringOrList.of("php"), Optional.of(init));
  }

  private static String env(Pool pool, String name) {
    Answer answer = new Answer();
    pool.exec(Payload.of(0, ("env " + name).getBytes(UTF_8), new byte[0]), answer);
    return answer.text();
  }
}
