package dev.rr.plugin.redis;

import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.EventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.lettuce.core.tracing.Tracing;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What Lettuce works with, instead of its own default: the plugin's threads, names resolved by the
 * system before a loop is asked, and nothing measured or traced. The default would bring a resolver
 * of its own and threads for each client.
 *
 * @param reconnectDelay between attempts to reach a node of a cluster
 * @param nettyCustomizer what connections have beside the library's
 */
record RedisResources(
    RedisThreads threads, EventBus eventBus, Delay reconnectDelay, NettyCustomizer nettyCustomizer)
    implements ClientResources, EventLoopGroupProvider {
  @Override
  public EventLoopGroupProvider eventLoopGroupProvider() {
    return this;
  }

  /** The plugin's loops: they are on the transport that Lettuce asks for, the system's best. */
  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) threads.loops().group();
  }

  @Override
  public Future<Boolean> release(
      EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
    return done();
  }

  @Override
  public Future<Boolean> shutdown() {
    return done();
  }

  /** The threads are the plugin's to end. */
  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return done();
  }

  private static Future<Boolean> done() {
    return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
  }

  @Override
  public EventExecutorGroup eventExecutorGroup() {
    return threads.worker();
  }

  @Override
  public Timer timer() {
    return threads.timer();
  }

  @Override
  public SocketAddressResolver socketAddressResolver() {
    return SocketAddressResolver.create(InetAddress::getAllByName);
  }

  /** Never asked: addresses are resolved before. */
  @Override
  public AddressResolverGroup<?> addressResolverGroup() {
    return DefaultAddressResolverGroup.INSTANCE;
  }

  @Override
  public int threadPoolSize() {
    return 1;
  }

  @Override
  public int ioThreadPoolSize() {
    return 1;
  }

  @Override
  public int computationThreadPoolSize() {
    return 1;
  }

  @Override
  public EventPublisherOptions commandLatencyPublisherOptions() {
    return () -> Duration.ZERO;
  }

  @Override
  public CommandLatencyRecorder commandLatencyRecorder() {
    return CommandLatencyRecorder.disabled();
  }

  @Override
  public Tracing tracing() {
    return Tracing.disabled();
  }

  @Override
  public Builder mutate() {
    throw new UnsupportedOperationException();
  }
}
