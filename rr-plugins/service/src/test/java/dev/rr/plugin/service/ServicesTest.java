package dev.rr.plugin.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.process.GroupGuard;
import dev.rr.process.ProcessCommand;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  private ServiceSpec spec(String name) {
    List<String> command = List.of("sleep", "300");
    return new ServiceSpec(
        name,
        new Service(
            new StringOrList(command, true), 1, Duration.ZERO, false, 1, 5, Map.of(), false, ""),
        new ProcessCommand(command, Map.of("PATH", "/usr/bin:/bin"), folder, Optional.empty()),
        "sleep 300",
        true);
  }
}
