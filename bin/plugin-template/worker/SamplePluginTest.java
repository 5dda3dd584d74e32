package dev.rr.plugin.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.RecordingLog;
import java.io.BufferedReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SamplePluginTest {
  @TempDir static Path folder;

  private final FakePool pool =
      new FakePool((asked, reply) -> FakePool.answer(reply, "{}", asked.context() + "\n"));
  private final SamplePlugin plugin =
      new SamplePlugin(
          config("unix://sample.sock"),
          new FakeConfigurer(),
          new FakeServer(pool),
          new FakeHost(folder),
          name -> new RecordingLog());

  private static SampleConfig config(String address) {
    return new SampleConfig(address, 10, PoolConfig.of(1));
  }

  @AfterEach
  void stopTwice() throws Exception {
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    plugin.stop(Deadline.after(Duration.ofSeconds(5)));
    assertThat(pool.managed()).contains("stop");
  }

  @Test
  void workersAnswerEachLine() throws Exception {
    plugin.start();

    try (var client =
        SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("sample.sock")))) {
      client.write(ByteBuffer.wrap("one\ntwo\n".getBytes(UTF_8)));
      var in = new BufferedReader(Channels.newReader(client, UTF_8));
      assertThat(in.readLine()).contains("\"uri\":\"one\"");
      assertThat(in.readLine()).contains("\"uri\":\"two\"");
    }
  }

  @Test
  void anAddressWithoutAPortIsToldBeforeTheStart() {
    assertThat(FoundProblems.of(config("nowhere"), "sample"))
        .singleElement()
        .asString()
        .contains("sample.address", "'nowhere' is no address: it has no port");
  }
}
