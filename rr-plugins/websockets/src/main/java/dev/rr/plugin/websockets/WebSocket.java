package dev.rr.plugin.websockets;

import dev.rr.api.http.HttpUpgrade;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client over WebSocket. Its commands are done one after the other, in their order; while PHP is
 * asked about one, others wait, and beyond their bound the client does. What arrives comes on the
 * loop, messages and PHP's answers on any thread.
 *
 * <p>Its topics change and frames are written with the lock, so nothing of a topic comes before the
 * answer to a join or behind that to a leave. Whoever delivers may hold locks of the hub: what
 * takes those is done on the loop instead.
 */
final class WebSocket implements HttpUpgrade.Receiver, WebSocketReader.Sink, Client {
  /** How long the names of topics may be, on average of as many as one client may have. */
  private static final int TOPIC_LENGTH = 256;

  private final Service service;
  private final Visitor visitor;
  private final boolean packing;
  private final WebSocketReader reader;
  private final ReentrantLock lock = new ReentrantLock();

  // With the lock.
  private final Set<String> topics = new HashSet<>(4);
  private final Queue<ClientCommand> waiting = new ArrayDeque<>(0);
  private int waitingBytes;
  private boolean busy;
  private boolean paused;

  /** Of the command that is being done. */
  private int busyBytes;

  /** What was counted of what arrived and is not done yet. On the loop. */
  private long counted;

  private volatile boolean closed;
  private volatile HttpUpgrade.@Nullable Wire wire;
  private volatile long heard = System.nanoTime();
  private volatile boolean asked;

  /** When it was asked; the thread's that looks. */
  private long askedAt;

  /**
   * A client that was let in.
   *
   * @param packing whether messages are packed, both ways
   */
  WebSocket(Service service, Visitor visitor, boolean packing) {
    this.service = service;
    this.visitor = visitor;
    this.packing = packing;
    this.reader = new WebSocketReader(service.config().maxMessageSize(), packing, this);
  }

  /** From now on it can be written to. On the loop, before anything is received. */
  void start(HttpUpgrade.Wire opened) {
    wire = opened;
  }

  // What arrives, on the loop.

  @Override
  public boolean received(ByteBuffer bytes) {
    if (closed) {
      return true;
    }
    heard = System.nanoTime();
    asked = false;
    try {
      reader.read(bytes);
    } catch (ProtocolFault e) {
      service.clients().warn("a client has broken the protocol", visitor, e);
      end(e.code(), String.valueOf(e.getMessage()));
    }
    count();
    lock.lock();
    try {
      return !paused;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void message(byte[] payload, boolean text, boolean packed) throws ProtocolFault {
    if (closed) {
      return;
    }
    byte[] message =
        packed ? service.deflation().unpack(payload, service.config().maxMessageSize()) : payload;
    if (packed && text) {
      Utf8Check.require(message, 0);
    }
    ClientCommand command;
    try {
      command = ClientCommand.of(message);
    } catch (IllegalArgumentException e) {
      service.clients().warn("unmarshal message", visitor, e);
      return;
    }
    add(command);
  }

  @Override
  public void ping(byte[] payload) {
    write(ByteBuffer.wrap(Frames.pong(payload)));
  }

  @Override
  public void pong() {
    // That something came is enough.
  }

  @Override
  public void close(int code) {
    end(code, "");
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    HttpUpgrade.Wire to = wire;
    lock.lock();
    try {
      if (!closed && to != null) {
        // The server's last word; a client that has left does not get it.
        to.write(ByteBuffer.wrap(Frames.close(Frames.GOING_AWAY, "")));
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    forget();
  }

  // Commands.

  private void add(ClientCommand command) {
    lock.lock();
    try {
      waiting.add(command);
      waitingBytes += command.size();
      paused = waitingBytes > service.config().maxMessageSize();
      if (busy) {
        return;
      }
      busy = true;
    } finally {
      lock.unlock();
    }
    work();
  }

  /** Does what waits, until one has to wait for an answer. By whoever made it busy, on the loop. */
  private void work() {
    ClientCommand next = next();
    while (next != null && isDone(next)) {
      next = next();
    }
  }

  private @Nullable ClientCommand next() {
    boolean resumed;
    ClientCommand next;
    lock.lock();
    try {
      next = closed ? null : waiting.poll();
      busy = next != null;
      busyBytes = next == null ? 0 : next.size();
      waitingBytes -= busyBytes;
      resumed = paused && waitingBytes <= service.config().maxMessageSize();
      paused &= !resumed;
    } finally {
      lock.unlock();
    }
    HttpUpgrade.Wire to = wire;
    if (resumed && to != null) {
      heard = System.nanoTime();
      asked = false;
      to.resume();
    }
    return next;
  }

  /** Clients who begin much and end little are closed before they take the memory of others. */
  private void count() {
    long now = held();
    long more = now - counted;
    if (more > 0 && !service.arriving().take(more)) {
      service.clients().warn("there is no memory for what clients send", visitor, null);
      end(Frames.TRY_AGAIN_LATER, "too much is being sent");
      return;
    }
    if (more < 0) {
      service.arriving().give(-more);
    }
    counted = now;
  }

  private long held() {
    lock.lock();
    try {
      return closed ? 0 : (long) reader.held() + waitingBytes + busyBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Does a command; false when its answer comes later, which then goes on with {@link #work}. */
  private boolean isDone(ClientCommand command) {
    switch (command.name()) {
      case "join" -> join(command);
      case "leave" -> {
        drop(command.named());
        reply("@leave", command);
        return true;
      }
      case "headers" -> {
        return true;
      }
      default -> {
        service.clients().warn("unknown command", visitor, null);
        return true;
      }
    }
    return false;
  }

  private void join(ClientCommand command) {
    List<String> names = command.topics();
    if (names == null || names.isEmpty()) {
      // Upstream asks whether it may connect, once more, and takes any answer.
      var unused =
          service
              .authorizer()
              .ask(visitor.joinServer())
              .whenComplete((verdict, failure) -> later(() -> reply("@join", command)));
      return;
    }
    if (isTooMany(command.named())) {
      service.clients().warn("a client joins more topics than it may", visitor, null);
      later(() -> denied(command, false));
      return;
    }
    var unused =
        service
            .authorizer()
            .ask(visitor.joinTopics(names))
            .whenComplete((verdict, failure) -> {
              if (verdict != null && verdict.isYes()) {
                subscribe(command);
              } else {
                if (failure != null) {
                  service.clients().warn("the worker did not say who may join", visitor, failure);
                }
                later(() -> denied(command, true));
              }
            });
  }

  /** On the loop, behind which the next command is done: never deeper into the stack. */
  private void later(Runnable answer) {
    onLoop(() -> {
      answer.run();
      work();
    });
  }

  private void onLoop(Runnable task) {
    HttpUpgrade.Wire to = wire;
    if (to != null) {
      to.execute(task);
    }
  }

  private boolean isTooMany(List<String> more) {
    lock.lock();
    try {
      Set<String> all = new HashSet<>(topics);
      all.addAll(more);
      long most = service.config().maxTopics();
      return all.size() > most
          || all.stream().mapToLong(String::length).sum() > most * TOPIC_LENGTH;
    } finally {
      lock.unlock();
    }
  }

  private void subscribe(ClientCommand command) {
    List<String> names = command.named();
    var unused =
        service
            .hub()
            .join(this, names)
            .whenComplete((ok, failure) ->
                later(() -> {
                  if (failure == null) {
                    joined(command, names);
                  } else {
                    service.clients().warn("a topic cannot be subscribed to", visitor, failure);
                    denied(command, true);
                  }
                }));
  }

  private void joined(ClientCommand command, List<String> names) {
    boolean late;
    lock.lock();
    try {
      late = closed;
      if (!late) {
        topics.addAll(names);
        service.clients().joined.increment();
        reply("@join", command);
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      service.hub().leave(this, names);
    }
  }

  /**
   * Tells that it may not join.
   *
   * @param revokes whether what it has joined before ends as well: PHP's last word counts
   */
  private void denied(ClientCommand command, boolean revokes) {
    service.clients().denied.increment();
    if (revokes) {
      drop(command.named());
    }
    reply("#join", command);
  }

  private void drop(List<String> names) {
    lock.lock();
    try {
      names.forEach(topics::remove);
    } finally {
      lock.unlock();
    }
    service.hub().leave(this, names);
  }

  private void reply(String what, ClientCommand command) {
    write(Message.reply(what, command.topics()).frame());
  }

  // What is sent, on any thread.

  @Override
  public void deliver(Message message) {
    HttpUpgrade.Wire to = wire;
    if (to == null) {
      return;
    }
    lock.lock();
    try {
      if (closed || !topics.contains(message.topic())) {
        return;
      }
      ByteBuffer frame = packing ? message.frame(service.deflation()) : message.frame();
      if (hasRoom(to, frame.remaining())) {
        to.write(frame, message.waits(service.waiting()));
        service.clients().delivered.increment();
      } else if (service.config().slowConsumer() == WebsocketsConfig.SlowConsumer.DROP) {
        service.clients().dropped.increment();
      } else {
        slow();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether so much more may wait, for this client and for all; one message may always. */
  private boolean hasRoom(HttpUpgrade.Wire to, int bytes) {
    long pending = to.pending();
    return pending == 0
        || pending + bytes <= service.config().maxPending() && !service.waiting().tight();
  }

  private void slow() {
    service.clients().slow.increment();
    end(Frames.TRY_AGAIN_LATER, "messages are read too slowly");
  }

  /** Answers, which are not dropped: who does not read them is closed. */
  private void write(ByteBuffer frame) {
    HttpUpgrade.Wire to = wire;
    lock.lock();
    try {
      if (closed || to == null) {
        return;
      }
      if (hasRoom(to, frame.remaining())) {
        to.write(frame);
      } else {
        slow();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(int code, String reason) {
    HttpUpgrade.Wire to = wire;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (to != null) {
        to.write(ByteBuffer.wrap(Frames.close(code, reason)));
        to.close();
      }
    } finally {
      lock.unlock();
    }
    onLoop(this::forget);
  }

  /** On the loop: the hub's locks are not taken with this one's. */
  private void forget() {
    Set<String> left;
    lock.lock();
    try {
      left = Set.copyOf(topics);
      topics.clear();
      waiting.clear();
      waitingBytes = 0;
      reader.release();
    } finally {
      lock.unlock();
    }
    count();
    service.hub().leave(this, left);
    service.clients().remove(this);
  }

  @Override
  public void look(long nowNanos) {
    long longest = service.config().pingInterval().toNanos();
    if (nowNanos - heard <= longest || isPaused()) {
      return;
    }
    if (!asked) {
      asked = true;
      askedAt = nowNanos;
      write(ByteBuffer.wrap(Frames.ping()));
    } else if (nowNanos - askedAt > longest) {
      // Since it was asked, not since it was heard: this server may have stood still meanwhile.
      end(Frames.GOING_AWAY, "no sign of life");
    }
  }

  /** Who is held up cannot show that it lives. */
  private boolean isPaused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave() {
    end(Frames.GOING_AWAY, "the server stops");
  }
}
