package dev.rr.grpc;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.UnixSocketFile;
import dev.rr.netty.EventLoops;
import dev.rr.netty.tls.ListenerTls;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listener: grpc-java's HTTP/2 on event loops of ours. Calls are handled on their connection's
 * loop, without a thread of their own. The thread of the plugin that owns it.
 */
public final class GrpcServer {
  private static final int MOST_THREADS = 4;

  /** Bytes of a call's metadata. */
  private static final int MOST_METADATA = 64 * 1024;

  /** Calls that a client may take back in so many seconds; who does it more often means no good. */
  private static final int MOST_RESETS = 2_000;

  private static final int RESET_SECONDS = 10;

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Milliseconds after which a stop says what it waits for. */
  private static final long SOON = 1_000;

  /** Milliseconds that closing by force may take. */
  private static final long CLOSE_MILLIS = 500;

  private final EventLoops loops;
  private final Server server;
  private final OpenCalls calls;
  private final List<UnixSocketFile> socketFiles;
  private final @Nullable ListenerTls tls;
  private final Log log;

  /**
   * What a plugin's section says.
   *
   * @param plugin the beginning of its threads' names
   * @param key the key path of the address, for messages
   * @param address where it listens
   * @param mostReceived bytes of a message
   * @param mostCalls at once on a connection; further ones wait at the client
   * @param times of its connections
   */
  public record Settings(
      String plugin,
      String key,
      Address address,
      int mostReceived,
      int mostCalls,
      ConnectionTimes times) {}

  private GrpcServer(
      EventLoops loops,
      Server server,
      OpenCalls calls,
      List<UnixSocketFile> socketFiles,
      @Nullable ListenerTls tls,
      Log log) {
    this.loops = loops;
    this.server = server;
    this.calls = calls;
    this.socketFiles = socketFiles;
    this.tls = tls;
    this.log = log;
  }

  /**
   * Starts to listen.
   *
   * @param folder what the path of a unix socket begins at
   * @param files of TLS, which are read again when they change; empty for none
   * @param memory counts what calls hold
   * @throws IOException in one sentence for the user
   */
  public static GrpcServer start(
      Settings settings,
      MethodTable methods,
      Path folder,
      Optional<ListenerTls.Files> files,
      CallMemory memory,
      Log log)
      throws Exception {
    Address address = settings.address();
    ListenerTls tls = files.isEmpty() ? null : tls(settings, files.get(), log);
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
    EventLoops loops = EventLoops.start(settings.plugin() + "-loop", threads);
    try {
      GrpcServer server =
          listen(settings, address.resolveAll(folder), loops, methods, tls, memory, log);
      loops.watch(memory::isInUse, log);
      return server;
    } catch (IOException e) {
      close(tls);
      loops.stop(CLOSE_MILLIS);
      // The library says which address failed and has the reason within.
      throw address.cannotListen(settings.key(), e.getCause() == null ? e : e.getCause());
    }
  }

  private static ListenerTls tls(Settings settings, ListenerTls.Files files, Log log)
      throws IOException {
    return new ListenerTls(
        files, List.of(ApplicationProtocolNames.HTTP_2), settings.plugin() + "-tls-reload", log);
  }

  private static void close(@Nullable ListenerTls tls) {
    if (tls != null) {
      tls.close();
    }
  }

  private static GrpcServer listen(
      Settings settings,
      List<SocketAddress> addresses,
      EventLoops loops,
      MethodTable methods,
      @Nullable ListenerTls tls,
      CallMemory memory,
      Log log)
      throws IOException {
    List<UnixSocketFile> files = new ArrayList<>();
    for (SocketAddress address : addresses) {
      if (address instanceof UnixDomainSocketAddress unix) {
        files.add(UnixSocketFile.makeWay(unix.getPath()));
      }
    }
    StalledClients stalled = new StalledClients(memory, log);
    NettyServerBuilder builder = builder(settings, addresses, loops, stalled);
    if (tls != null) {
      builder.sslContext(new RenewedContext(tls));
    }
    OpenCalls calls = new OpenCalls();
    Server server =
        builder
            .fallbackHandlerRegistry(methods)
            .addStreamTracerFactory(memory)
            .addStreamTracerFactory(calls)
            .directExecutor()
            .build()
            .start();
    stalled.watch(loops);
    for (UnixSocketFile file : files) {
      file.bound();
    }
    return new GrpcServer(loops, server, calls, files, tls, log);
  }

  private static NettyServerBuilder builder(
      Settings settings, List<SocketAddress> addresses, EventLoops loops, StalledClients stalled) {
    ConnectionTimes times = settings.times();
    EventLoops.Listening first = loops.listener(addresses.getFirst());
    NettyServerBuilder builder = NettyServerBuilder.forAddress(first.address());
    addresses.stream()
        .skip(1)
        .forEach(more -> builder.addListenAddress(loops.listener(more).address()));
    builder
        .channelFactory(stalled.listening(first.channel()))
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .maxInboundMessageSize(settings.mostReceived())
        .maxInboundMetadataSize(MOST_METADATA)
        .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .maxConcurrentCallsPerConnection(settings.mostCalls())
        .keepAliveTime(nanos(times.ping()), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(nanos(times.pingAnswer()), TimeUnit.NANOSECONDS);
    if (times.idle().isPositive()) {
      builder.maxConnectionIdle(nanos(times.idle()), TimeUnit.NANOSECONDS);
    }
    if (times.age().isPositive()) {
      builder.maxConnectionAge(nanos(times.age()), TimeUnit.NANOSECONDS);
    }
    if (times.ageGrace().isPositive()) {
      builder.maxConnectionAgeGrace(nanos(times.ageGrace()), TimeUnit.NANOSECONDS);
    }
    return builder;
  }

  private static long nanos(Duration time) {
    return (time.compareTo(LONGEST) > 0 ? LONGEST : time).toNanos();
  }

  /** Where it listens. */
  public List<SocketAddress> bound() {
    return List.copyOf(server.getListenSockets());
  }

  /**
   * Takes no more calls and lets those under way end until the deadline; the log says which these
   * are, and {@link OpenCalls#onStop} who is told.
   */
  public void stop(Deadline deadline) throws InterruptedException {
    close(tls);
    if (loops.isStopping()) {
      return;
    }
    server.shutdown();
    calls.stop();
    if (server.awaitTermination(Math.min(SOON, millis(deadline)), TimeUnit.MILLISECONDS)) {
      return;
    }
    log.info("the server waits for calls to end", "calls", calls.toString());
    if (!server.awaitTermination(millis(deadline), TimeUnit.MILLISECONDS)) {
      log.warn(
          "connections were cut off at the end of the grace period", "calls", calls.toString());
      server.shutdownNow();
      boolean unused = server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static long millis(Deadline deadline) {
    return Math.max(1, deadline.remaining().toMillis());
  }

  /** Ends the loops, once nobody answers any more. A second call does nothing. */
  public void close(Deadline deadline) throws InterruptedException {
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
