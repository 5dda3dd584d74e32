package dev.rr.plugin.http.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.TimeLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FcgiConnectionTest {
  @Test
  void aWebServerThatDoesNotReadIsNotReadFrom() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Loop loop = new Loop(channel.eventLoop(), Log.NONE, 1000);
    Duration slow = Duration.ofMinutes(1);
    Endpoint endpoint =
        new Endpoint(
            (request, response) -> {},
            "http",
            false,
            false,
            100,
            new TimeLimits(slow, slow, slow, slow),
            new MemoryBudget(1_000_000));
    channel.pipeline().addLast(new FcgiConnection(loop, endpoint));
    byte[] unknown = {1, 99, 0, 0, 0, 0, 0, 0};
    channel.writeInbound(Unpooled.wrappedBuffer(unknown));
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(channel.outboundMessages()).hasSize(1);

    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    channel.finishAndReleaseAll();
  }
}
