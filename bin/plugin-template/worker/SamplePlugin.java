package dev.rr.plugin.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.api.worker.WholeReply;
import dev.rr.json.JsonWriter;
import dev.rr.net.AddressForms;
import dev.rr.netty.NettyServer;
import dev.rr.netty.RequestReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Has PHP workers answer each line that a client sends. */
@Plugin("sample")
@EnabledBy("sample")
final class SamplePlugin implements Lifecycle {
  private static final int LONGEST = 64 * 1024; // bytes of a line, and of its answer

  private final SampleConfig config;
  private final Configurer configurer;
  private final Server workers;
  private final Host host;
  private final Log log;
  private final Pool pool;
  private @Nullable NettyServer server;

  SamplePlugin(
      SampleConfig config, Configurer configurer, Server workers, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workers = workers;
    this.host = host;
    this.log = loggers.named("sample");
    this.pool = workers.pool("sample", config.pool(), Map.of("RR_MODE", "sample"));
  }

  /** For {@code rr workers}, {@code rr reset}, and those who ask for its health. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Override
  public void check(Problems problems) {
    workers.check(config.pool(), "sample.pool", configurer, problems);
  }

  @Override
  public void start() throws Exception {
    pool.start();
    var lines = new RequestReply(RequestReply.Limits.DEFAULT, this::answer, log);
    server =
        NettyServer.start("sample-loop", config.maxConnections(), "sample.max_connections", log);
    server.listen(
        "sample.address",
        AddressForms.LISTENER.parse(config.address()),
        host.workDirectory(),
        channel -> lines.begin(channel, new LineBasedFrameDecoder(LONGEST)));
  }

  /** On the connection's loop; the worker's thread completes the answer. */
  private CompletionStage<ByteBuf> answer(ByteBuf line) {
    byte[] request = JsonWriter.write(Map.of("method", "LINE", "uri", line.toString(UTF_8)));
    WholeReply reply = new WholeReply(LONGEST);
    pool.exec(Payload.of(Payload.JSON, request, new byte[0]), reply);
    return reply.answer().thenApply(answer -> Unpooled.wrappedBuffer(answer.body()));
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (server != null) {
      server.stop(deadline);
    }
    pool.stop(deadline);
  }
}
