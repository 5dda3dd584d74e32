package dev.rr.plugin.memcached;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.Address;
import dev.rr.net.Reconnector;
import dev.rr.netty.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One of a storage's servers, and the connection to it, which is kept. Any thread. */
final class MemcachedServer implements Reconnector.Peer<MemcachedConnection> {
  private static final Reconnector.Pauses PAUSES =
      new Reconnector.Pauses(Duration.ofMillis(20), Duration.ofSeconds(5));

  private final String storage;
  private final Address address;
  private final Path folder;
  private final Duration timeout;
  private final EventLoops loops;
  private final Log log;
  private final Reconnector<MemcachedConnection> connection;

  MemcachedServer(
      String storage, Address address, Path folder, Duration timeout, EventLoops loops, Log log) {
    this.storage = storage;
    this.address = address;
    this.folder = folder;
    this.timeout = timeout;
    this.loops = loops;
    this.log = log;
    this.connection = new Reconnector<>(name(), "rr-memcached-dial", PAUSES, this);
  }

  /** What it is called in messages. */
  String name() {
    return "memcached at " + address;
  }

  /** Begins to dial; that nobody answers is no failure. */
  void start() {
    connection.start();
  }

  /**
   * Sends commands once there is a connection.
   *
   * @param commands makes them, a second time when the connection ends before they are answered
   * @throws IOException for the user: there is no connection
   */
  <T> Sent<T> send(Supplier<List<TextCommand<T>>> commands)
      throws IOException, InterruptedException {
    MemcachedConnection to = connection.get(timeout);
    List<TextCommand<T>> made = commands.get();
    to.send(made);
    return new Sent<>(this, made, commands);
  }

  @Override
  public MemcachedConnection dial() throws IOException, InterruptedException {
    Bootstrap client = loops.client(address.reach(folder));
    AtomicReference<MemcachedConnection> made = new AtomicReference<>();
    ChannelFuture connecting =
        client
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    MemcachedConnection connection = new MemcachedConnection(channel, timeout);
                    made.set(connection);
                    channel.pipeline().addLast(connection);
                  }
                })
            .connect();
    try {
      await(connecting);
      return made.get();
    } catch (IOException | InterruptedException e) {
      connecting.channel().close();
      throw e;
    }
  }

  private void await(ChannelFuture connecting) throws IOException, InterruptedException {
    if (!connecting.await(timeout.toMillis())) {
      throw new IOException(name() + ": no connection within " + timeout.toMillis() + " ms");
    }
    if (!connecting.isSuccess()) {
      Throwable cause = connecting.cause();
      throw new IOException(name() + ": " + cause.getMessage(), cause);
    }
  }

  @Override
  public void connected(MemcachedConnection made) {
    made.onEnd(() -> connection.lost(made));
  }

  @Override
  public void discard(MemcachedConnection made) {
    made.close();
  }

  @Override
  public void down(IOException cause) {
    log.warn(
        "memcached cannot be reached, it is tried again",
        "storage",
        storage,
        "error",
        String.valueOf(cause.getMessage()));
  }

  @Override
  public void up() {
    log.info("memcached is back", "storage", storage, "address", address.text());
  }

  /** Ends the connection; commands under way fail. */
  void close(Deadline deadline) throws InterruptedException {
    @Nullable MemcachedConnection last = connection.close(deadline.remaining());
    if (last != null) {
      last.close();
    }
  }
}
