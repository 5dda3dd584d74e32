package dev.rr.plugin.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Empty;
import dev.rr.api.config.Problems;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.rpc.RpcCall;
import dev.rr.api.trace.Tracer;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Pool;
import dev.rr.api.worker.Reply;
import dev.rr.config.Configuration;
import dev.rr.netty.EventLoops;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.FakeServer;
import dev.rr.testing.worker.RecordingLog;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The plugin on a free port, and clients of it on a loop of their own. */
final class TestCentrifuge implements AutoCloseable {
  final RecordingLog log = new RecordingLog();
  final CentrifugePlugin plugin;
  private final EventLoops loops = EventLoops.nio("test-client", 1);
  private final List<ManagedChannel> channels = new ArrayList<>();

  /**
   * A plugin that has not started.
   *
   * @param keys of the section beside {@code proxy_address}, as YAML's flow style has them
   */
  TestCentrifuge(Path folder, String keys, Pool pool) throws Exception {
    this(folder, keys, pool, null);
  }

  TestCentrifuge(Path folder, String keys, Pool pool, @Nullable Tracer tracer) throws Exception {
    String address =
        keys.contains("proxy_address:") ? "" : "proxy_address: \"tcp://127.0.0.1:0\", ";
    plugin = plugin(folder, address + keys, pool, tracer, log);
  }

  /** A plugin alone, whose section has these keys. */
  static CentrifugePlugin plugin(Path folder, String keys, Pool pool, RecordingLog log)
      throws Exception {
    return plugin(folder, keys, pool, null, log);
  }

  private static CentrifugePlugin plugin(
      Path folder, String keys, Pool pool, @Nullable Tracer tracer, RecordingLog log)
      throws Exception {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\ncentrifuge: {" + keys + "}\n");
    Configuration configuration = Configuration.read(file);
    return new CentrifugePlugin(
        configuration.bind(CentrifugeConfigBinder.INSTANCE),
        configuration,
        new FakeServer(pool),
        Optional.ofNullable(tracer),
        new FakeHost(folder),
        name -> log);
  }

  /** A server whose workers are a piece of Java. */
  static TestCentrifuge start(Path folder, String keys, FakePool.Worker worker) throws Exception {
    return new TestCentrifuge(folder, keys, new FakePool(worker)).start();
  }

  TestCentrifuge start() throws Exception {
    Problems problems = new Problems();
    plugin.check(problems);
    problems.throwIfAny();
    plugin.start();
    return this;
  }

  /** Answers as a worker does that was written for Centrifugo. */
  static void answer(Reply reply, byte[] message) {
    reply.frame(Payload.PROTO, ByteBuffer.allocate(0), ByteBuffer.wrap(message), 0, true);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) plugin.bound().getFirst();
  }

  /** Centrifugo's side, without TLS. */
  ProxyClient client() {
    return client(NettyChannelBuilder::usePlaintext);
  }

  ProxyClient client(UnaryOperator<NettyChannelBuilder> how) {
    ManagedChannel channel =
        how.apply(
                NettyChannelBuilder.forAddress(address())
                    .channelType(NioSocketChannel.class)
                    .eventLoopGroup(loops.group())
                    .maxInboundMessageSize(Integer.MAX_VALUE)
                    .directExecutor())
            .build();
    channels.add(channel);
    return new ProxyClient(channel);
  }

  /** PHP's side: what a call of the API is answered. */
  String rpc(String method, String field) throws Exception {
    return rpc(method, field, RpcCall.OWN);
  }

  /** As above, told about the call. The field is the message's first, which is also read back. */
  String rpc(String method, String field, RpcCall call) throws Exception {
    Empty request = Empty.parseFrom(Texts.message(1, field));
    Object answer = Objects.requireNonNull(RpcCalls.call(plugin.rpc(), method, request, call));
    return new String(((Empty) answer).toByteArray(), UTF_8);
  }

  @Override
  public void close() throws Exception {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
      boolean unused = channel.awaitTermination(10, TimeUnit.SECONDS);
    }
    plugin.stop(Deadline.after(Duration.ofSeconds(10)));
    loops.stop(10_000);
  }
}
