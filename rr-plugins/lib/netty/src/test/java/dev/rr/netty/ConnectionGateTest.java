package dev.rr.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.RecordingLog;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionGateTest {
  private final RecordingLog log = new RecordingLog();
  private final List<Channel> listening = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    listening.forEach(channel -> ((EmbeddedChannel) channel).finishAndReleaseAll());
  }

  private ConnectionGate gate(int limit, String key) {
    NettyServer.Settings settings = new NettyServer.Settings("test", 1, limit, key);
    return new ConnectionGate(settings, listening, () -> 7, log);
  }

  private EmbeddedChannel listener(ConnectionGate gate) {
    EmbeddedChannel channel = new EmbeddedChannel(gate);
    listening.add(channel);
    return channel;
  }

  @Test
  void saysOnceInASecondThatFilesHaveRunOutAndAcceptsNothingMeanwhile() {
    ConnectionGate gate = gate(0, "http.max_connections");
    EmbeddedChannel first = listener(gate);
    EmbeddedChannel second = listener(gate);
    IOException cause = new IOException("accept(..) failed with error(-24): Too many open files");
    first.pipeline().fireExceptionCaught(cause);
    first.pipeline().fireExceptionCaught(cause);
    second.pipeline().fireExceptionCaught(cause);

    assertThat(log.records())
        .containsExactly(
            "ERROR new connections have to wait: the limit of open files is reached; raise it"
                + " (ulimit -n, LimitNOFILE=) or set http.max_connections below it"
                + " [connections, 7]");
    assertThat(first.config().isAutoRead()).isFalse();
    assertThat(second.config().isAutoRead()).isFalse();
  }

  @Test
  void namesNoKeyWhereThereIsNone() {
    listener(gate(0, "")).pipeline().fireExceptionCaught(new IOException("Too many open files"));

    assertThat(log.records())
        .containsExactly(
            "ERROR new connections have to wait: the limit of open files is reached; raise it"
                + " (ulimit -n, LimitNOFILE=) [connections, 7]");
  }

  @Test
  void saysWhatElseWentWrong() {
    listener(gate(0, "")).pipeline().fireExceptionCaught(new IOException("no buffer space"));

    assertThat(log.records())
        .containsExactly("ERROR a connection could not be accepted [error, no buffer space]");
  }

  @Test
  void acceptsNothingOnAnySocketWhileTheLimitIsReached() {
    ConnectionGate gate = gate(2, "");
    EmbeddedChannel first = listener(gate);
    EmbeddedChannel second = listener(gate);
    EmbeddedChannel client = new EmbeddedChannel();

    first.pipeline().fireChannelRead(client);
    assertThat(second.config().isAutoRead()).isTrue();
    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isFalse();
    assertThat(first.config().isAutoRead()).isFalse();
    runTasks(second);
    assertThat(second.config().isAutoRead()).isFalse();

    client.close();
    runTasks(first, second);
    assertThat(first.config().isAutoRead()).isTrue();
    assertThat(second.config().isAutoRead()).isTrue();
    assertThat(gate.enter()).isTrue();
    gate.leave();
    gate.leave();
    client.finishAndReleaseAll();
  }

  private static void runTasks(EmbeddedChannel... channels) {
    for (EmbeddedChannel channel : channels) {
      channel.runPendingTasks();
    }
  }
}
