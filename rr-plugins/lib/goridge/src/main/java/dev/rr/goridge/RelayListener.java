package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.net.UnixSocketFile;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where workers dial in. One thread, {@code rr-relay}, accepts and shakes hands with all of them at
 * once, so that one that is slow, wrong or silent delays nobody; each has a deadline. A connection
 * is matched to its process by the pid that it names; a second one for the same pid is refused. Any
 * thread may call.
 */
public final class RelayListener implements Closeable {
  private static final int BACKLOG = 1024;
  private static final int MAX_PENDING = 1024;
  private static final int MAX_REPLY = 512;
  private static final long CHECK_NANOS = 100_000_000;

  private final ServerSocketChannel server;
  private final @Nullable UnixSocketFile file;
  private final Selector selector;
  private final long timeout;
  private final Consumer<String> complaints;
  private final byte[] question;
  private final Thread thread;

  // Guarded by this: who is waited for, and who came before anybody waited.
  private final Map<Long, CompletableFuture<SocketChannel>> expected = new HashMap<>();
  private final Map<Long, Early> early = new HashMap<>();
  private volatile boolean closed;

  private record Early(SocketChannel channel, long since) {}

  /** A connection whose handshake has yet to name its process. The thread's own. */
  private record Pending(SocketChannel channel, ByteBuffer reply, long since) {}

  private RelayListener(
      ServerSocketChannel server,
      @Nullable UnixSocketFile file,
      Duration timeout,
      Consumer<String> complaints)
      throws IOException {
    this.server = server;
    this.file = file;
    this.timeout = timeout.toNanos();
    this.complaints = complaints;
    this.selector = Selector.open();
    String pid = "{\"pid\":" + ProcessHandle.current().pid() + "}";
    this.question = Frame.of(Frame.CONTROL | Frame.JSON, 0, pid.getBytes(UTF_8));
    this.thread = Thread.ofPlatform().daemon().name("rr-relay").unstarted(this::run);
  }

  /**
   * Listens.
   *
   * @param address TCP, or a unix socket; a socket file left by somebody who is gone is replaced
   * @param timeout how long a connection may take to say its pid, and a known one may be too early
   * @param complaints takes sentences about connections that were refused
   */
  public static RelayListener open(
      SocketAddress address, Duration timeout, Consumer<String> complaints) throws IOException {
    UnixSocketFile file =
        address instanceof UnixDomainSocketAddress unix
            ? UnixSocketFile.makeWay(unix.getPath())
            : null;
    ServerSocketChannel server =
        file == null
            ? ServerSocketChannel.open()
            : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (file == null) {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      server.bind(address, BACKLOG);
      if (file != null) {
        file.bound();
      }
      server.configureBlocking(false);
      RelayListener listener = new RelayListener(server, file, timeout, complaints);
      server.register(listener.selector, SelectionKey.OP_ACCEPT);
      listener.thread.start();
      return listener;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Where it listens. */
  public SocketAddress address() throws IOException {
    return server.getLocalAddress();
  }

  /**
   * Waits for the process with this pid to dial. Complete it exceptionally to wait no longer.
   *
   * @return its connection, in blocking mode, after the handshake
   */
  public CompletableFuture<SocketChannel> expect(long pid) {
    CompletableFuture<SocketChannel> arrival = new CompletableFuture<>();
    synchronized (this) {
      Early there = early.remove(pid);
      if (there != null) {
        arrival.complete(there.channel());
      } else if (closed) {
        arrival.completeExceptionally(new IOException("the relay is closed"));
      } else {
        expected.put(pid, arrival);
      }
    }
    return arrival.whenComplete((channel, error) -> forget(pid, arrival));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void forget(long pid, CompletableFuture<SocketChannel> arrival) {
    expected.remove(pid, arrival);
  }

  // ---- the thread --------------------------------------------------------------------------

  private void run() {
    try {
      while (!closed) {
        selector.select(CHECK_NANOS / 1_000_000);
        List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        ready.forEach(this::serve);
        closeOverdue();
      }
    } catch (IOException | RuntimeException e) {
      complaints.accept("the relay failed: " + e);
    } finally {
      shut();
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.attachment() instanceof Pending pending) {
        listen(key, pending);
      } else if (key.isAcceptable()) {
        accept();
      }
    } catch (CancelledKeyException gone) {
      // It was closed meanwhile.
    } catch (IOException e) {
      complaints.accept("a worker could not be accepted: " + e.getMessage());
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = server.accept();
    if (channel == null) {
      return;
    }
    if (selector.keys().size() > MAX_PENDING) {
      channel.close();
      complaints.accept("too many connections that do not say who they are, one was refused");
      return;
    }
    try {
      channel.configureBlocking(false);
      if (file == null) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      channel.write(ByteBuffer.wrap(question));
      Pending pending = new Pending(channel, ByteBuffer.allocate(MAX_REPLY), System.nanoTime());
      channel.register(selector, SelectionKey.OP_READ, pending);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void listen(SelectionKey key, Pending pending) throws IOException {
    ByteBuffer reply = pending.reply();
    int got;
    try {
      got = pending.channel().read(reply);
    } catch (IOException reset) {
      got = -1;
    }
    if (got < 0) {
      refuse(key, pending, "left without a word");
      return;
    }
    if (reply.position() >= Frame.HEADER && !Frame.valid(reply, 0)) {
      refuse(key, pending, "does not speak as a worker");
    } else if (reply.position() >= Frame.HEADER && isWhole(reply)) {
      long pid = pid(reply);
      if (pid > 0) {
        admit(key, pending.channel(), pid);
      } else {
        refuse(key, pending, "sent no pid");
      }
    } else if (!reply.hasRemaining()) {
      refuse(key, pending, "sent a pid reply without an end");
    }
  }

  private static boolean isWhole(ByteBuffer reply) {
    return reply.position() >= Frame.headerLength(reply.get(0)) + Frame.payload(reply, 0);
  }

  private static long pid(ByteBuffer reply) {
    int header = Frame.headerLength(reply.get(0));
    boolean exact = reply.position() == header + Frame.payload(reply, 0);
    if (!exact || (Frame.flags(reply, 0) & Frame.CONTROL) == 0) {
      return 0;
    }
    return Handshake.pid(new String(reply.array(), header, reply.position() - header, UTF_8));
  }

  private void admit(SelectionKey key, SocketChannel channel, long pid) throws IOException {
    key.cancel();
    // Only once the selector has let go of it may the channel block.
    selector.selectNow();
    selector.selectedKeys().clear();
    channel.configureBlocking(true);
    CompletableFuture<SocketChannel> arrival;
    synchronized (this) {
      arrival = expected.remove(pid);
      if (arrival == null && !early.containsKey(pid) && early.size() < MAX_PENDING) {
        // The process dialled before its owner came to wait for it.
        early.put(pid, new Early(channel, System.nanoTime()));
        return;
      }
    }
    if (arrival == null || !arrival.complete(channel)) {
      complaints.accept("a second connection for the worker with pid " + pid + " was refused");
      channel.close();
    }
  }

  private void refuse(SelectionKey key, Pending pending, String why) throws IOException {
    complaints.accept("a connection to the relay was refused: it " + why);
    key.cancel();
    pending.channel().close();
  }

  private void closeOverdue() throws IOException {
    long now = System.nanoTime();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      if (key.attachment() instanceof Pending pending && now - pending.since() > timeout) {
        refuse(key, pending, "did not say its pid in time");
      }
    }
    List<Map.Entry<Long, Early>> late;
    synchronized (this) {
      late = early.entrySet().stream().filter(e -> now - e.getValue().since() > timeout).toList();
      late.forEach(e -> early.remove(e.getKey()));
    }
    for (Map.Entry<Long, Early> entry : late) {
      complaints.accept(
          "a connection was refused: pid " + entry.getKey() + " is no worker of this server");
      entry.getValue().channel().close();
    }
  }

  private void shut() {
    closed = true;
    List<SocketChannel> open = new ArrayList<>();
    List<CompletableFuture<SocketChannel>> waiting;
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof Pending pending) {
        open.add(pending.channel());
      }
    }
    synchronized (this) {
      early.values().forEach(e -> open.add(e.channel()));
      early.clear();
      waiting = List.copyOf(expected.values());
    }
    waiting.forEach(w -> w.completeExceptionally(new IOException("the relay is closed")));
    try {
      for (SocketChannel channel : open) {
        channel.close();
      }
      server.close();
      selector.close();
      if (file != null) {
        file.delete();
      }
    } catch (IOException e) {
      complaints.accept("the relay could not be closed: " + e.getMessage());
    }
  }
}
