package dev.rr.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SystemdNotifierTest {
  @TempDir Path folder;

  @Test
  void aDatagramArrivesAtTheSocket() throws Exception {
    try (NotifySocket socket = new NotifySocket(folder)) {
      SystemdNotifier notifier = new SystemdNotifier(socket.environment());
      notifier.send("READY=1");
      notifier.send("WATCHDOG=1");
      assertThat(socket.next()).isEqualTo("READY=1");
      assertThat(socket.next()).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void theUnitSaysHowOftenASignOfLifeIsWanted() {
    String self = Long.toString(ProcessHandle.current().pid());
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000"))).isEqualTo("PT15S");
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "3000", "WATCHDOG_PID", self)))
        .isEqualTo("PT0.0015S");
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "3000", "WATCHDOG_PID", "1"))).isEqualTo("PT0S");
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "soon"))).isEqualTo("PT0S");
    assertThat(watchdog(Map.of())).isEqualTo("PT0S");
  }

  private static String watchdog(Map<String, String> environment) {
    return new SystemdNotifier(environment).watchdog().toString();
  }

  @Test
  void nobodyToNotifyIsNoFault() throws IOException {
    SystemdNotifier notifier = new SystemdNotifier(Map.of());
    notifier.send("READY=1");
    assertThat(notifier.enabled()).isFalse();
  }

  @Test
  void aSocketThatNobodyServesIsNamed() throws IOException {
    Path socket = folder.resolve("nobody");
    SystemdNotifier notifier = new SystemdNotifier(Map.of("NOTIFY_SOCKET", socket.toString()));
    assertThatThrownBy(() -> notifier.send("READY=1"))
        .isInstanceOf(IOException.class)
        .hasMessage("nobody takes datagrams at " + socket);
    assertThat(Files.exists(socket)).isFalse();
  }

  @Test
  void aNameThatIsNoPathIsRefused() {
    SystemdNotifier notifier = new SystemdNotifier(Map.of("NOTIFY_SOCKET", "vsock:2:1"));
    assertThatThrownBy(() -> notifier.send("READY=1")).hasMessageContaining("vsock:2:1");
  }
}
