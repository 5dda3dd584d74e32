package dev.rr.plugin.grpc;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.net.UnixSocketFile;
import dev.rr.netty.EventLoops;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listener: grpc-java's HTTP/2 on event loops of ours. Calls are handled on their connection's
 * loop, without a thread of their own. The plugin's thread.
 */
final class GrpcServer {
  private static final int MOST_THREADS = 4;

  /** Bytes of a call's metadata. */
  private static final int MOST_METADATA = 64 * 1024;

  /** Calls that a client may take back in so many seconds; who does it more often means no good. */
  private static final int MOST_RESETS = 2_000;

  private static final int RESET_SECONDS = 10;

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Milliseconds that closing by force may take. */
  private static final long CLOSE_MILLIS = 500;

  private final EventLoops loops;
  private final Server server;
  private final List<UnixSocketFile> socketFiles;
  private final Log log;

  private GrpcServer(EventLoops loops, Server server, List<UnixSocketFile> socketFiles, Log log) {
    this.loops = loops;
    this.server = server;
    this.socketFiles = socketFiles;
    this.log = log;
  }

  /**
   * Starts to listen.
   *
   * @param folder what the path of a unix socket begins at
   * @param tls null for none
   * @param memory counts what calls hold
   * @throws IOException in one sentence for the user
   */
  static GrpcServer start(
      GrpcConfig config,
      MethodTable methods,
      Path folder,
      @Nullable SslContext tls,
      CallMemory memory,
      Log log)
      throws Exception {
    Address address = AddressForms.LISTENER.parse(config.listen());
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
    EventLoops loops = EventLoops.start("grpc-loop", threads);
    try {
      GrpcServer server =
          listen(config, address.resolveAll(folder), loops, methods, tls, memory, log);
      loops.watch(memory::isInUse, log);
      return server;
    } catch (IOException e) {
      loops.stop(CLOSE_MILLIS);
      // The library says which address failed and has the reason within.
      throw address.cannotListen("grpc.listen", e.getCause() == null ? e : e.getCause());
    }
  }

  private static GrpcServer listen(
      GrpcConfig config,
      List<SocketAddress> addresses,
      EventLoops loops,
      MethodTable methods,
      @Nullable SslContext tls,
      CallMemory memory,
      Log log)
      throws IOException {
    List<UnixSocketFile> files = new ArrayList<>();
    for (SocketAddress address : addresses) {
      if (address instanceof UnixDomainSocketAddress unix) {
        files.add(UnixSocketFile.makeWay(unix.getPath()));
      }
    }
    NettyServerBuilder builder = builder(config, addresses, loops);
    if (tls != null) {
      builder.sslContext(tls);
    }
    Server server =
        builder
            .fallbackHandlerRegistry(methods)
            .addStreamTracerFactory(memory)
            .directExecutor()
            .build()
            .start();
    for (UnixSocketFile file : files) {
      file.bound();
    }
    return new GrpcServer(loops, server, files, log);
  }

  private static NettyServerBuilder builder(
      GrpcConfig config, List<SocketAddress> addresses, EventLoops loops) {
    EventLoops.Listening first = loops.listener(addresses.getFirst());
    NettyServerBuilder builder = NettyServerBuilder.forAddress(first.address());
    addresses.stream()
        .skip(1)
        .forEach(more -> builder.addListenAddress(loops.listener(more).address()));
    builder
        .channelType(first.channel())
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .maxInboundMessageSize(config.mostReceived())
        .maxInboundMetadataSize(MOST_METADATA)
        .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .maxConcurrentCallsPerConnection(config.maxConcurrentStreams())
        .keepAliveTime(nanos(config.pingTime()), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(nanos(config.timeout()), TimeUnit.NANOSECONDS);
    if (config.maxConnectionIdle().isPositive()) {
      builder.maxConnectionIdle(nanos(config.maxConnectionIdle()), TimeUnit.NANOSECONDS);
    }
    if (config.maxConnectionAge().isPositive()) {
      builder.maxConnectionAge(nanos(config.maxConnectionAge()), TimeUnit.NANOSECONDS);
    }
    if (config.maxConnectionAgeGrace().isPositive()) {
      builder.maxConnectionAgeGrace(nanos(config.maxConnectionAgeGrace()), TimeUnit.NANOSECONDS);
    }
    return builder;
  }

  private static long nanos(Duration time) {
    return (time.compareTo(LONGEST) > 0 ? LONGEST : time).toNanos();
  }

  /** Where it listens. */
  List<SocketAddress> bound() {
    return List.copyOf(server.getListenSockets());
  }

  /** Takes no more calls and lets those under way end until the deadline. */
  void stop(Deadline deadline) throws InterruptedException {
    if (loops.isStopping()) {
      return;
    }
    server.shutdown();
    if (!server.awaitTermination(millis(deadline), TimeUnit.MILLISECONDS)) {
      log.warn("connections were cut off at the end of the grace period");
      server.shutdownNow();
      boolean unused = server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static long millis(Deadline deadline) {
    return Math.max(1, deadline.remaining().toMillis());
  }

  /** Ends the loops, once nobody answers any more. A second call does nothing. */
  void close(Deadline deadline) throws InterruptedException {
    for (UnixSocketFile file : socketFiles) {
      try {
        file.delete();
      } catch (IOException e) {
        log.warn("the socket's file stays: " + e.getMessage());
      }
    }
    loops.stop(Math.max(CLOSE_MILLIS, deadline.remaining().toMillis()));
  }
}
