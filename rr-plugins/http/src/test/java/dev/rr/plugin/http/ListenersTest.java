package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenersTest {
  private final TestServer.Logged log = new TestServer.Logged();
  private final Listeners listeners = new Listeners(1, 0, 1000, log);

  @AfterEach
  void close() throws Exception {
    listeners.close(1000);
  }

  @Test
  void saysOnceInASecondThatFilesHaveRunOutAndAcceptsNothingMeanwhile() {
    EmbeddedChannel first = new EmbeddedChannel(listeners.new Gate());
    EmbeddedChannel second = new EmbeddedChannel(listeners.new Gate());
    IOException cause = new IOException("accept(..) failed with error(-24): Too many open files");
    first.pipeline().fireExceptionCaught(cause);
    first.pipeline().fireExceptionCaught(cause);
    second.pipeline().fireExceptionCaught(cause);

    assertThat(log.lines)
        .singleElement()
        .asString()
        .startsWith("ERROR new connections have to wait")
        .contains("ulimit -n", "http.max_connections", "connections=0")
        .doesNotContain("Exception");
    assertThat(first.config().isAutoRead()).isFalse();
    assertThat(second.config().isAutoRead()).isFalse();
    first.finishAndReleaseAll();
    second.finishAndReleaseAll();
  }

  @Test
  void saysWhatElseWentWrong() {
    EmbeddedChannel channel = new EmbeddedChannel(listeners.new Gate());
    channel.pipeline().fireExceptionCaught(new IOException("no buffer space"));

    assertThat(log.lines)
        .containsExactly("ERROR a connection could not be accepted error=no buffer space");
    channel.finishAndReleaseAll();
  }
}
