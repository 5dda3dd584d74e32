package dev.rr.plugin.grpc;

import dev.rr.api.config.Problems;
import dev.rr.api.grpc.GrpcInterceptor;
import dev.rr.api.grpc.ProtoRegistry;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Pool;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.RecordingLog;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The plugin on a free port, and clients of it on a loop of their own. */
final class TestGrpc implements AutoCloseable {
  static final String ECHO =
      """
      syntax = "proto3";
      package service;
      message Message { string msg = 1; }
      service Echo {
        rpc Ping (Message) returns (Message);
        rpc Pong (stream Message) returns (stream Message) {}
      }
      """;

  final RecordingLog log = new RecordingLog();
  final GrpcPlugin plugin;
  private final EventLoopGroup clients =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();

  /**
   * A plugin that has not started.
   *
   * @param keys of the section beside {@code listen} and {@code proto}, as YAML's flow style has
   *     them
   */
  TestGrpc(Path folder, String keys, Pool pool, @Nullable Tracer tracer) throws Exception {
    Path proto = folder.resolve("echo.proto");
    if (!Files.exists(proto)) {
      Files.writeString(proto, ECHO);
    }
    String listen = keys.contains("listen:") ? "" : "listen: \"127.0.0.1:0\", ";
    String protos = keys.contains("proto:") ? "" : "proto: echo.proto, ";
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\ngrpc: {" + listen + protos + keys + "}\n");
    Configuration configuration = Configuration.read(file);
    plugin =
        new GrpcPlugin(
            configuration.bind(GrpcConfigBinder.INSTANCE),
            configuration,
            new FakeServer(pool),
            Optional.ofNullable(tracer),
            new FakeHost(folder),
            name -> log);
  }

  /** A server whose workers are a piece of Java. */
  static TestGrpc start(Path folder, String keys, FakePool.Worker worker) throws Exception {
    return new TestGrpc(folder, keys, new FakePool(worker), null).start();
  }

  TestGrpc with(String name, GrpcInterceptor interceptor) {
    plugin.interceptor(new Named(name, 1), interceptor);
    return this;
  }

  TestGrpc with(ProtoRegistry registry) {
    plugin.registry(registry);
    return this;
  }

  TestGrpc holding(long bytes) {
    plugin.budget(new MemoryBudget(bytes));
    return this;
  }

  TestGrpc start() throws Exception {
    Problems problems = new Problems();
    plugin.check(problems);
    problems.throwIfAny();
    plugin.start();
    return this;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) plugin.bound().getFirst();
  }

  /** A client without TLS. */
  Client client() {
    return client(NettyChannelBuilder::usePlaintext);
  }

  Client client(UnaryOperator<NettyChannelBuilder> how) {
    ManagedChannel channel =
        how.apply(
                NettyChannelBuilder.forAddress(address())
                    .channelType(NioSocketChannel.class)
                    .eventLoopGroup(clients)
                    .maxInboundMessageSize(Integer.MAX_VALUE)
                    .directExecutor())
            .build();
    channels.add(channel);
    return new Client(channel);
  }

  @Override
  public void close() throws Exception {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
      boolean unused = channel.awaitTermination(10, TimeUnit.SECONDS);
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).await();
  }
}
