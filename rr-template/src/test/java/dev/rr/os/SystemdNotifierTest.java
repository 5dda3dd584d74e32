package dev.rr.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemdNotifierTest {
  private static final String LISTENER =
      "$s = stream_socket_server('udg://'.$argv[1], $e, $t, STREAM_SERVER_BIND); echo \"ready\\n\";"
          + " echo stream_socket_recvfrom($s, 100);";

  @TempDir Path folder;

  @Test
  void aDatagramArrivesAtTheSocket() throws Exception {
    Path socket = folder.resolve("notify");
    Process php =
        new ProcessBuilder("php", "-r", LISTENER, "--", socket.toString())
            .redirectErrorStream(true)
            .start();
    try (var reader = php.inputReader()) {
      assertThat(reader.readLine()).isEqualTo("ready");
      new SystemdNotifier(Map.of("NOTIFY_SOCKET", socket.toString())).send("READY=1");
      assertThat(php.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(reader.readLine()).isEqualTo("READY=1");
    } finally {
      php.destroyForcibly();
    }
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
