package dev.rr.plugin.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.proto.ServiceProto;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
final class ServicePluginTest {
  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();
  private final Map<String, Service> configured = new LinkedHashMap<>();
  private ServicePlugin plugin;

  /** A service with knobs. */
  private static final class Knobs {
    final StringOrList command;
    int copies = 1;
    Duration execTimeout = Duration.ZERO;
    boolean again;
    long pause;
    long stop;
    Map<String, String> env = Map.of();
    boolean named;
    String user = "";

    Knobs(String script) {
      command = new StringOrList(List.of("sh", "-c", script), true);
    }

    Service service() {
      return new Service(command, copies, execTimeout, again, pause, stop, env, named, user);
    }
  }

  private ServicePlugin plugin() {
    return new ServicePlugin(
        new ServiceConfig(configured),
        new FakeConfigurer(),
        new FakeHost(folder),
        name -> new Prefixed(name, log));
  }

  private void start(Knobs knobs) throws Exception {
    configured.put("One", knobs.service());
    plugin = plugin();
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
  }

  private void start(String script) throws Exception {
    start(new Knobs(script));
  }

  @BeforeEach
  void make() {
    plugin = plugin();
  }

  @AfterEach
  void stop() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
  }

  private void await(String text) {
    await(text, 1);
  }

  private void await(String text, int times) {
    Await.until(
        Duration.ofSeconds(30),
        () -> times + " times " + text + " in " + log.records(),
        () -> log.with(text).size() >= times);
  }

  // ---- a process
  // ---------------------------------------------------------------------------------

  @Test
  void itsVariablesAreAddedToTheServersOwnInUpperCase() throws Exception {
    Knobs knobs = new Knobs("echo \"FOO=$FOO\"; echo \"PATH=$PATH\"");
    knobs.env = Map.of("foo", "BAR");
    start(knobs);
    await("INFO service: FOO=BAR []");
    await("PATH=" + System.getenv("PATH"));
  }

  @Test
  void whatItPrintsIsLoggedLineByLine() throws Exception {
    start("printf 'stdout '; sleep 0.1; printf 'write \\n\\t'; echo 'stderr write' >&2");
    await("INFO service: stdout write []");
    await("stderr write []");
    await("INFO service: service ended [name, One");
    assertThat(log.with("write []")).hasSize(2);
  }

  @Test
  void itsLinesCarryItsNameWhereThatIsAsked() throws Exception {
    Knobs knobs = new Knobs("echo text");
    knobs.named = true;
    start(knobs);
    await("INFO service.One: text []");
  }

  @Test
  void itStandsInItsOwnTextWithQuotes() throws Exception {
    configured.put("One", service("sh -c 'echo \"a  b\"'"));
    plugin = plugin();
    assertThat(FoundProblems.of(plugin)).isEmpty();
    plugin.start();
    await("INFO service: a  b []");
  }

  private static Service service(String command) {
    return new Service(
        StringOrList.of(command), 1, Duration.ZERO, false, 0, 0, Map.of(), false, "");
  }

  @Test
  void itIsStartedAgainWhateverItsEnd() throws Exception {
    Knobs knobs = new Knobs("echo run; exit 0");
    knobs.again = true;
    knobs.pause = 1;
    start(knobs);
    await("service: run", 3);
    assertThat(log.with("again and again")).isEmpty();
  }

  @Test
  void itIsNotStartedAgainUnlessThatIsAsked() throws Exception {
    start("exit 3");
    await("ERROR service: service ended [name, One, command, sh -c exit 3, end, exit code 3]");
    assertThat(log.with("service was started")).hasSize(1);
  }

  @Test
  void oneThatFailsAgainAndAgainWaitsLongerAndSaysSo() throws Exception {
    Knobs knobs = new Knobs("exit 1");
    knobs.again = true;
    knobs.pause = 1;
    start(knobs);
    await("WARN service: service fails again and again");
    assertThat(log.with("again and again").getFirst()).contains("failures, 2, pause, 2s");
  }

  @Test
  void pausesDoubleUpToAMinute() {
    Duration second = Duration.ofSeconds(1);
    assertThat(List.of(0, 1, 2, 3, 6, 7, 5000))
        .extracting(n -> ServiceProcess.pauseAfter(n, second).toSeconds())
        .containsExactly(1L, 1L, 2L, 4L, 32L, 60L, 60L);
    Duration longer = Duration.ofSeconds(90);
    assertThat(ServiceProcess.pauseAfter(9, longer)).isEqualTo(longer);
  }

  @Test
  void oneThatRunsTooLongIsKilledWithItsChildren() throws Exception {
    Knobs knobs = new Knobs("trap '' INT TERM; sleep 300 & setsid sleep 300 & wait; wait");
    knobs.execTimeout = Duration.ofMillis(500);
    start(knobs);
    await("INFO service: service ended");
    assertThat(log.with("service ended").getFirst()).contains("killed after exec_timeout");
    // LeakCheck sees to the children that are ours still; those that are not:
    Await.until("the children are gone", () -> sleepers().isEmpty());
  }

  /** What of the service lives, whoever its parent is. */
  private List<String> sleepers() {
    try (var processes = ProcessHandle.allProcesses()) {
      return processes.filter(this::runsHere).map(ProcessHandle::toString).toList();
    }
  }

  private boolean runsHere(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
          .equals(folder.toRealPath());
    } catch (Exception gone) {
      return false;
    }
  }

  @Test
  void stoppingEndsTheWholeTreeAtOnceWhoeverHoldsItsStdout() throws Exception {
    Knobs knobs = new Knobs("sleep 300 & setsid sleep 301 & trap 'exit 0' INT; echo up; wait");
    knobs.copies = 3;
    knobs.stop = 20;
    start(knobs);
    await("service: up", 3);
    long begun = System.nanoTime();
    stop();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    await("INFO service: service was stopped", 3);
    Await.until("the children are gone", () -> sleepers().isEmpty());
  }

  @Test
  void oneThatIgnoresTheRequestToStopIsKilled() throws Exception {
    Knobs knobs = new Knobs("trap '' INT; echo up; while :; do sleep 1; done");
    knobs.stop = 1;
    start(knobs);
    await("service: up");
    long begun = System.nanoTime();
    stop();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    await("WARN service: service did not stop in time, it is killed");
    await("end, killed by signal 9");
  }

  @Test
  void severalThatIgnoreTheRequestHaveTheirTimeTogether() throws Exception {
    Knobs knobs = new Knobs("trap '' INT; echo up; while :; do sleep 1; done");
    knobs.stop = 3;
    knobs.copies = 8;
    start(knobs);
    await("service: up", 8);
    long begun = System.nanoTime();
    stop();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    await("killed by signal 9", 8);
  }

  @Test
  void nothingIsStartedOnceItWasStopped() throws Exception {
    Knobs knobs = new Knobs("exit 0");
    knobs.again = true;
    knobs.pause = 300;
    start(knobs);
    await("service ended");
    stop();
    assertThat(log.with("service was started")).hasSize(1);
  }

  @Test
  void itRunsAsAnotherUser() throws Exception {
    Knobs knobs = new Knobs("echo uid $(id -u)");
    knobs.user = "nobody";
    if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
      configured.put("One", knobs.service());
      assertThat(FoundProblems.of(plugin()))
          .containsExactly("service.One.user: only root can start processes as nobody");
      return;
    }
    Files.setAttribute(
        folder,
        "posix:permissions",
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    start(knobs);
    await("service: uid 65534 []");
  }

  @Test
  void whatCannotBeStartedIsToldBeforeTheStart() throws Exception {
    configured.put("One", service("no-such-program --x"));
    configured.put("two", new Knobs("true").service());
    assertThat(FoundProblems.of(plugin()))
        .singleElement()
        .asString()
        .contains("service.One.command: the program no-such-program was not found in PATH");
    assertThat(FoundProblems.of(service("sh -c 'open"), "service.one"))
        .containsExactly(
            "service.one.command: command: the quote at character 7 of"
                + " <sh -c 'open> is not closed");
    assertThat(FoundProblems.of(service(" "), "service.one"))
        .containsExactly("service.one.command: command should not be empty");
  }

  @Test
  void resetsAllWithFreshCopies() throws Exception {
    Knobs knobs = new Knobs("exec sleep 300");
    knobs.copies = 2;
    start(knobs);
    List<Long> old = pids();
    plugin.reset();
    assertThat(pids()).hasSize(2).doesNotContainAnyElementsOf(old);
    assertThat(old).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
  }

  private List<Long> pids() {
    return plugin.workers().stream().map(WorkerSnapshot::pid).toList();
  }

  /** Looks until all have some memory: a process that is just being started has none. */
  private static <T> List<T> awaitMemory(Callable<List<T>> look, ToLongFunction<T> memory)
      throws Exception {
    AtomicReference<List<T>> seen = new AtomicReference<>(look.call());
    Await.until(
        "some memory",
        () -> {
          if (seen.get().stream().noneMatch(one -> memory.applyAsLong(one) == 0)) {
            return true;
          }
          try {
            seen.set(look.call());
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          return false;
        });
    return seen.get();
  }

  @Test
  void showsWhatRunsAsWorkers() throws Exception {
    start("exec sleep 300");
    assertThat(awaitMemory(plugin::workers, WorkerSnapshot::memoryUsage))
        .singleElement()
        .satisfies(worker -> {
          assertThat(worker.command()).matches("/.*/sh -c exec sleep 300");
          assertThat(worker.memoryUsage()).isPositive();
          assertThat(worker.status()).isEqualTo(1);
          assertThat(worker.statusStr()).isEmpty();
          assertThat(worker.numExecs()).isZero();
        });
    assertThatThrownBy(plugin::addWorker)
        .hasMessage("plugin does not support workers management: service");
  }

  @Test
  void holdsTheContractOfAPluginsLife() throws Exception {
    configured.put("One", new Knobs("sleep 300; true").service());
    Map<String, Service> broken = new LinkedHashMap<>(configured);
    broken.put("two", service("no-such-program"));
    LifecycleContract.holds(
        this::plugin,
        () ->
            new ServicePlugin(
                new ServiceConfig(broken), new FakeConfigurer(), new FakeHost(folder), n -> log));
  }

  // ---- calls
  // -------------------------------------------------------------------------------------

  private <M> M call(String method, Object argument, Class<M> answer) throws Exception {
    Object got = RpcCalls.call(new ServicePluginRpc(plugin), method, argument);
    return answer.cast(Objects.requireNonNull(got));
  }

  private static ServiceProto.Create.Builder creation(String name, String command) {
    return ServiceProto.Create.newBuilder().setName(name).setCommand(command).setProcessNum(1);
  }

  private boolean create(ServiceProto.Create.Builder creation) throws Exception {
    return call("Create", creation.build(), ServiceProto.Response.class).getOk();
  }

  private static ServiceProto.Service named(String name) {
    return ServiceProto.Service.newBuilder().setName(name).build();
  }

  private List<String> list() throws Exception {
    ServiceProto.List list = call("List", named(""), ServiceProto.List.class);
    return IntStream.range(0, list.getServicesCount()).mapToObj(list::getServices).toList();
  }

  private List<ServiceProto.Status> statuses(String name) throws Exception {
    return call("Statuses", named(name), ServiceProto.Statuses.class).getStatusList();
  }

  @Test
  void createsServicesThatKeepTheCaseOfTheirNames() throws Exception {
    plugin.start();
    assertThat(
            create(creation("Two", "sh -c 'echo $FOO; exec sleep 300'").putEnv("foo", "-$HOME-")))
        .isTrue();
    await("INFO service: -" + System.getenv("HOME") + "- []");
    assertThat(create(creation("one", "sleep 300").setProcessNum(2))).isTrue();
    assertThat(list()).containsExactly("Two", "one");
    assertThat(awaitMemory(() -> statuses("one"), ServiceProto.Status::getMemoryUsage))
        .hasSize(2)
        .allSatisfy(status -> {
          assertThat(status.hasStatus()).isFalse();
          assertThat(status.getMemoryUsage()).isPositive();
          assertThat(status.getCommand()).matches("/.*/sleep 300");
        });
    assertThat(call("Status", named("one"), ServiceProto.Status.class).getPid())
        .isEqualTo(statuses("one").getLast().getPid());
  }

  @Test
  void refusesWhatCannotBeCreatedAndKeepsNothingOfIt() throws Exception {
    plugin.start();
    assertThatThrownBy(() -> create(creation("one", "sleep 300").setProcessNum(0)))
        .hasMessage("the service with one name should have at least 1 process");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> create(creation("one", "no-such-program")))
          .hasMessageContaining("the program no-such-program was not found in PATH");
    }
    assertThatThrownBy(() -> create(creation("one", ""))).hasMessage("command should not be empty");
    for (Map<String, String> variables : List.of(Map.of("A=B", "x"), Map.of("A", "x\0"))) {
      assertThatThrownBy(() -> create(creation("one", "sleep 300").putAllEnv(variables)))
          .hasMessageStartingWith("the variable 'A")
          .hasMessageContaining("cannot be handed over");
    }
    assertThat(list()).isEmpty();
    create(creation("one", "sleep 300"));
    assertThatThrownBy(() -> create(creation("one", "sleep 300")))
        .hasMessage("the service with one name already exists");
  }

  @Test
  void boundsWhatCallsMayCreate() throws Exception {
    plugin.start();
    create(creation("one", "sleep 300"));
    for (long number : new long[] {Services.MOST_CREATED, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> create(creation("two", "sleep 300").setProcessNum(number)))
          .hasMessage(
              "services created by calls may have at most 256 processes together, they have 1;"
                  + " terminate one first");
    }
    assertThatThrownBy(() -> create(creation("two", "sleep " + "3".repeat(Creation.LONGEST))))
        .hasMessage("a service may be described by at most 65536 bytes");
    assertThat(list()).containsExactly("one");
  }

  @Test
  void terminatesAndForgets() throws Exception {
    plugin.start();
    create(creation("one", "sleep 300"));
    assertThat(call("Terminate", named("one"), ServiceProto.Response.class).getOk()).isTrue();
    assertThat(list()).isEmpty();
    assertThat(plugin.workers()).isEmpty();
    for (String method : List.of("Terminate", "Restart", "Status", "Statuses")) {
      assertThatThrownBy(() -> call(method, named("one"), Object.class))
          .hasMessage("the service with one name doesn't exist");
    }
  }

  @Test
  void restartsWithNewProcesses() throws Exception {
    plugin.start();
    create(creation("one", "sleep 300").setProcessNum(2));
    List<Long> old = pids();
    assertThat(call("Restart", named("one"), ServiceProto.Response.class).getOk()).isTrue();
    assertThat(pids()).hasSize(2).doesNotContainAnyElementsOf(old);
    assertThat(old).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void aRestartThatFailsForgetsTheService() throws Exception {
    plugin.start();
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("program"));
    create(creation("one", "./program 300"));
    Files.delete(program);
    assertThatThrownBy(() -> call("Restart", named("one"), Object.class))
        .hasMessageContaining("the program ./program does not exist");
    assertThat(list()).isEmpty();
  }

  @Test
  void aResetThatFailsIsTriedAgainByTheNext() throws Exception {
    plugin.start();
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("program"));
    create(creation("one", "./program 300"));
    Files.move(program, folder.resolve("away"));
    assertThatThrownBy(plugin::reset).hasMessageContaining("one: the program ./program does not");
    Files.move(folder.resolve("away"), program);
    plugin.reset();
    assertThat(pids()).hasSize(1);
  }

  @Test
  void tellsOfProcessesThatHaveEnded() throws Exception {
    plugin.start();
    create(creation("one", "sh -c 'exit 3'"));
    await("service ended");
    assertThat(statuses("one"))
        .singleElement()
        .satisfies(status -> {
          assertThat(status.getPid()).isPositive();
          assertThat(status.getMemoryUsage()).isZero();
          assertThat(status.getCommand()).endsWith("/sh -c exit 3");
          assertThat(status.getStatus().getCode()).isZero();
          assertThat(status.getStatus().getMessage())
              .isEqualTo("process does not exist, it ended: exit code 3");
        });
    assertThatThrownBy(() -> call("Status", named("one"), Object.class))
        .hasMessage("process does not exist, it ended: exit code 3");
    assertThat(plugin.workers()).isEmpty();
  }

  @Test
  void findsServicesOfTheConfigurationInAnyCase() throws Exception {
    start("exec sleep 300");
    assertThat(list()).containsExactly("One");
    assertThat(statuses("one")).hasSize(1);
    assertThat(call("Restart", named("one"), ServiceProto.Response.class).getOk()).isTrue();
    assertThat(list()).containsExactly("One");
  }

  @Test
  void callsBeforeTheStartAndAfterTheStopFindNothing() throws Exception {
    assertThat(list()).isEmpty();
    assertThat(plugin.workers()).isEmpty();
    assertThatThrownBy(() -> create(creation("one", "sleep 300")))
        .hasMessage("the service plugin has not started");
    plugin.start();
    stop();
    assertThatThrownBy(() -> create(creation("one", "sleep 300"))).hasMessage("the server stops");
  }
}
