package com.example.lines;

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
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Server;
import dev.rr.net.AddressForms;
import dev.rr.netty.NettyServer;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has PHP workers answer each line that a client sends. */
@Plugin("lines")
@EnabledBy("lines")
final class LinesPlugin implements Lifecycle {
  private static final int LONGEST_LINE = 64 * 1024;

  private final LinesConfig config;
  private final Configurer configurer;
  private final Server workers;
  private final Path folder;
  private final Log log;
  private final Pool pool;
  private @Nullable NettyServer server;

  LinesPlugin(
      LinesConfig config, Configurer configurer, Server workers, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workers = workers;
    this.folder = host.workDirectory();
    this.log = loggers.named("lines");
    this.pool = workers.pool("lines", config.pool(), Map.of("RR_MODE", "lines"));
  }

  /** Has {@code rr workers} list it and {@code rr reset} replace its workers. */
  @Offers
  Pool pool() {
    return pool;
  }

  @Override
  public void check(Problems problems) {
    workers
        .fault(config.pool())
        .ifPresent(p -> configurer.section("lines", problems).problem("pool", p));
  }

  @Override
  public void start() throws Exception {
    pool.start();
    server = NettyServer.start("lines-loop", log);
    server.listen(
        "lines.address",
        AddressForms.LISTENER.parse(config.address()),
        folder,
        channel ->
            channel
                .pipeline()
                .addLast(new LineBasedFrameDecoder(LONGEST_LINE), new LineHandler(pool)));
  }

  @Override
  public void stop(Deadline deadline) throws Exception {
    if (server != null) {
      server.stop(deadline);
    }
    pool.stop(deadline);
  }
}
