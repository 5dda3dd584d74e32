package dev.rr.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.log.Log;
import dev.rr.testing.worker.RecordingLog;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {
  private static final Logger XNIO = Logger.getLogger("org.xnio.nio");
  private final Filter before = XNIO.getFilter();
  private final RecordingLog log = new RecordingLog();

  @AfterEach
  void restore() {
    XNIO.setFilter(before);
  }

  @Test
  void saysInRrsWordsThatFilesHaveRunOutOnceInASecond() {
    AcceptFailures.tell(log);

    assertThat(isLogged("XNIO008001: Socket accept failed, backing off for 250 milliseconds: x"))
        .isFalse();
    assertThat(isLogged("XNIO008001: Socket accept failed, backing off for 500 milliseconds: x"))
        .isFalse();
    assertThat(log.records())
        .containsExactly(
            "ERROR new connections have to wait: the limit of open files is reached; raise it"
                + " (ulimit -n, LimitNOFILE=) []");
  }

  @Test
  void leavesOtherLinesToTheLibrary() {
    AcceptFailures.tell(Log.NONE);

    assertThat(isLogged("XNIO008000: Received an I/O error on selection: x")).isTrue();
    assertThat(isLogged(null)).isTrue();
  }

  private static boolean isLogged(@Nullable String text) {
    return XNIO.getFilter().isLoggable(new LogRecord(Level.WARNING, text));
  }
}
