package dev.rr.plugin.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.process.GroupGuard;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.ProcessCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
final class ServicesTest {
  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();
  private final List<List<String>> listed = new ArrayList<>();
  private final Services services = new Services(this::make);

  /** Looks at the list when a process is about to start. */
  private ServiceProcess make(ServiceSpec spec, int number, GroupGuard guard) {
    listed.add(services.all().stream().map(s -> s.spec().name()).toList());
    return new ServiceProcess(spec, number, guard, log, log);
  }

  @Test
  void oneThatIsRestartedIsListedAllTheTime() throws Exception {
    services.open();
    try {
      services.create(spec("one"), soon());
      services.restart("one", soon());
      assertThat(listed).containsExactly(List.of(), List.of("one"));
      assertThat(services.service("one").processes().getFirst().process())
          .hasValueSatisfying(p -> assertThat(p.isAlive()).isTrue());
    } finally {
      services.close(soon());
    }
  }

  @Test
  void whatHasLostItsParentBetweenTwoRequestsToStopIsKilled() throws Exception {
    services.open();
    try {
      String script =
          "(setsid sleep 300 & wait) & sub=$!; trap 'kill -9 $sub; trap \"exit 0\" INT; echo"
              + " orphaned' INT; echo ready; while :; do wait; sleep 0.1; done";
      services.create(spec("one", "sh", "-c", script), soon());
      ServiceProcess place = services.service("one").processes().getFirst();
      Process leader = place.process().orElseThrow();
      AtomicReference<ProcessHandle> sleeper = new AtomicReference<>();
      Await.until(
          "it has left the group",
          () -> {
            leader.descendants().filter(ServicesTest::sleeps).findAny().ifPresent(sleeper::set);
            return sleeper.get() != null;
          });
      awaitPrinted("ready");
      place.interrupt();
      awaitPrinted("orphaned");
      place.interrupt();
      ProcessCheck.awaitEnd(sleeper.get().pid());
    } finally {
      services.close(soon());
    }
  }

  // The command, which is logged as well, has the word too.
  private void awaitPrinted(String line) {
    Await.until(line + " is printed", () -> !log.with("INFO " + line + " []").isEmpty());
  }

  private static boolean sleeps(ProcessHandle process) {
    return process.info().arguments().map(a -> List.of(a).contains("300")).orElse(false)
        && process.info().command().orElse("").endsWith("sleep");
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private ServiceSpec spec(String name) {
    return spec(name, "sleep", "300");
  }

  private ServiceSpec spec(String name, String... arguments) {
    List<String> command = List.of(arguments);
    return new ServiceSpec(
        name,
        new Service(
            new StringOrList(command, true), 1, Duration.ZERO, false, 1, 5, Map.of(), false, ""),
        new ProcessCommand(command, Map.of("PATH", "/usr/bin:/bin"), folder, Optional.empty()),
        String.join(" ", command),
        true);
  }
}
