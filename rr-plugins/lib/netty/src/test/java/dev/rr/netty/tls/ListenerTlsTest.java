package dev.rr.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import dev.rr.testing.worker.RecordingLog;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class ListenerTlsTest {
  @TempDir Path folder;

  private final RecordingLog log = new RecordingLog();

  private ListenerTls.Files files(String rootCa, String clientAuth) {
    return new ListenerTls.Files("some.tls", "own.crt", "own.key", rootCa, clientAuth, folder);
  }

  @Test
  void tellsEverythingThatKeepsItFromStarting() {
    Problems problems = new Problems();
    files("ca.pem", "ask_nicely").check(new FakeConfigurer().section("some.tls", problems));

    assertThat(problems.found().stream().map(Problem::toString))
        .satisfiesExactly(
            one -> assertThat(one).contains("some.tls.key", "own.key' does not exist"),
            two -> assertThat(two).contains("some.tls.cert", "own.crt' does not exist"),
            three -> assertThat(three).contains("some.tls.root_ca", "ca.pem' does not exist"),
            four ->
                assertThat(four)
                    .contains("some.tls.client_auth_type", "'ask_nicely' is unknown")
                    .contains("require_and_verify_client_cert"));
  }

  @Test
  void namesItsSectionWhenAFileCannotBeUsed() {
    assertThatThrownBy(() -> new ListenerTls(files("", ""), List.of(), "watch", log))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("some.tls: ");
  }

  @Test
  void takesWhatIsRenewedAndKeepsTheOldWhileTheNewIsDamaged() throws Exception {
    TestKeys.make(folder, "own", "EC");
    try (ListenerTls tls = new ListenerTls(files("", ""), List.of(), "watch", log)) {
      SslContext before = tls.context();
      String key = Files.readString(folder.resolve("own.key"));

      Files.writeString(folder.resolve("own.key"), "half of a key");
      Await.until("looked at", () -> !log.with("certificate not reloaded").isEmpty());
      assertThat(tls.context()).isSameAs(before);

      Files.writeString(folder.resolve("own.key"), key);
      Await.until("taken", () -> !log.with("certificate reloaded").isEmpty());
      assertThat(tls.context()).isNotSameAs(before);
    }
  }
}
