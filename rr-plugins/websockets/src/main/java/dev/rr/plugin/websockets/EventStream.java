package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client over server-sent events: an answer that goes on. Messages come on any thread, wait
 * within a bound, and are written on the request's loop.
 */
final class EventStream implements Client {
  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);
  private static final byte[] GAP = "event: gap\ndata: {}\n\n".getBytes(UTF_8);

  private static final Runnable NOTHING = () -> {};

  private final Service service;
  private final List<String> topics;
  private final HttpRequest request;
  private final HttpResponse response;
  private final ReentrantLock lock = new ReentrantLock();

  // With the lock.
  private final Queue<Event> waiting = new ArrayDeque<>(4);
  private long waitingBytes;
  private boolean scheduled;
  private boolean active;
  private boolean closed;
  private boolean ended;
  private long sentAt = System.nanoTime();

  /**
   * What is to be written.
   *
   * @param sent runs when that is done, or will not be
   */
  private record Event(ByteBuffer bytes, int length, Runnable sent) {}

  EventStream(Service service, List<String> topics, HttpRequest request, HttpResponse response) {
    this.service = service;
    this.topics = topics;
    this.request = request;
    this.response = response;
  }

  /** Begins the answer. On the loop. */
  void start(HttpHeaders headers) {
    response.onWritable(this::drain);
    response.head(
        200,
        headers
            .set("Content-Type", "text/event-stream")
            .set("Cache-Control", "no-cache")
            // Of proxies that would hold events back.
            .set("X-Accel-Buffering", "no"));
    response.flush();
  }

  /** From now on messages are for it: those that it has missed first. The hub's locks are held. */
  void resume(boolean gap, List<Message> missed) {
    lock.lock();
    try {
      active = true;
      add(Message.reply("@join", topics));
      if (gap) {
        add(ByteBuffer.wrap(GAP), NOTHING);
      }
      missed.forEach(this::add);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void deliver(Message message) {
    lock.lock();
    try {
      if (!active || closed) {
        return;
      }
      int length = message.event(service.hub().epoch()).remaining();
      if (hasRoom(length)) {
        add(message);
        service.clients().delivered.increment();
      } else if (service.config().slowConsumer() == WebsocketsConfig.SlowConsumer.DROP) {
        service.clients().dropped.increment();
      } else {
        service.clients().slow.increment();
        // It comes back, and says what it has seen.
        finish();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether so much more may wait, for this client and for all; one message may always. */
  private boolean hasRoom(int bytes) {
    return waitingBytes == 0
        || waitingBytes + bytes <= service.config().maxPending() && !service.waiting().tight();
  }

  /** Nothing waits any more. With the lock. */
  private void clear() {
    waiting.forEach(event -> event.sent().run());
    waiting.clear();
    waitingBytes = 0;
  }

  /** With the lock. */
  private void add(ByteBuffer bytes, Runnable sent) {
    if (closed) {
      sent.run();
      return;
    }
    waiting.add(new Event(bytes, bytes.remaining(), sent));
    waitingBytes += bytes.remaining();
    schedule();
  }

  /** With the lock. */
  private void add(Message message) {
    add(message.event(service.hub().epoch()), message.waits(service.waiting()));
  }

  /** With the lock. */
  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      request.execute(this::drain);
    }
  }

  /** With the lock. */
  private void finish() {
    closed = true;
    clear();
    schedule();
  }

  /**
   * Writes what the client takes. On the loop, without the lock: whatever a write sets off may take
   * the hub's.
   */
  private void drain() {
    for (Event event = next(); event != null; event = next()) {
      response.write(event.bytes());
      event.sent().run();
    }
    if (ends()) {
      if (response.committed()) {
        response.end();
      } else {
        Refusals.send(response, 503, "");
      }
    } else {
      response.flush();
    }
  }

  /** What is to be written now. */
  private @Nullable Event next() {
    lock.lock();
    try {
      scheduled = false;
      Event event = response.writable() ? waiting.poll() : null;
      if (event != null) {
        waitingBytes -= event.length();
        sentAt = System.nanoTime();
      }
      return event;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the answer is to be ended; true once. */
  private boolean ends() {
    lock.lock();
    try {
      boolean now = closed && !ended;
      ended |= closed;
      return now;
    } finally {
      lock.unlock();
    }
  }

  /** The answer is over. On the loop. */
  void over() {
    lock.lock();
    try {
      closed = true;
      ended = true;
      active = false;
      clear();
    } finally {
      lock.unlock();
    }
    service.hub().leave(this, topics);
    service.clients().remove(this);
  }

  boolean isOver() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Something has to be sent now and then, or proxies take the connection for dead. */
  @Override
  public void look(long nowNanos) {
    lock.lock();
    try {
      boolean silent = nowNanos - sentAt > service.config().pingInterval().toNanos();
      if (active && silent && waiting.isEmpty()) {
        sentAt = nowNanos;
        add(ByteBuffer.wrap(COMMENT), NOTHING);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave() {
    lock.lock();
    try {
      if (!closed) {
        finish();
      }
    } finally {
      lock.unlock();
    }
  }
}
