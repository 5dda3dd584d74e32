package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an nsqd: version 2 of its protocol as far as the driver speaks it, one channel for
 * each topic, everything in memory. A message comes again when nobody has told of it for the time
 * that was agreed. Any thread.
 */
final class FakeNsqd implements AutoCloseable {
  private static final int LARGEST = 1 << 20;
  private static final int MOST_READY = 2500;

  /** Between two looks, of which there are fifty a second. */
  private static final long STANDSTILL = TimeUnit.MILLISECONDS.toNanos(250);

  private static final Pattern HEARTBEAT = Pattern.compile("\"heartbeat_interval\":(\\d+)");

  private final ServerSocket listener;
  private final Thread accepting;
  private final long messageTimeout;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, Topic> topics = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("fake-nsqd").unstarted(task));
  private long lastLook = System.nanoTime();
  private long lastId;
  private long touches;
  private long answered;

  /** What a client may say now. */
  private enum State {
    NEW,
    SUBSCRIBED,
    CLOSING
  }

  private static final class Topic {
    final Deque<Message> waiting = new ArrayDeque<>();
    long deferred;
  }

  private static final class Message {
    final String id;
    final byte[] body;
    int attempts;
    long heldUntil;

    Message(String id, byte[] body) {
      this.id = id;
      this.body = body;
    }
  }

  /**
   * Listens.
   *
   * @param port 0 for any
   * @param messageTimeout in milliseconds
   */
  FakeNsqd(int port, long messageTimeout) throws IOException {
    this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.messageTimeout = messageTimeout;
    this.accepting = Thread.ofPlatform().daemon().name("fake-nsqd").start(this::accept);
    var unused = timer.scheduleWithFixedDelay(this::expire, 20, 20, TimeUnit.MILLISECONDS);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Messages of a topic that wait, are deferred or are held. */
  synchronized long depth(String topic) {
    Topic known = topics.getOrDefault(topic, new Topic());
    long held =
        connections.stream()
            .filter(each -> each.topic.equals(topic))
            .mapToLong(each -> each.held.size())
            .sum();
    return known.waiting.size() + known.deferred + held;
  }

  /** How often it was told that a message is still worked on. */
  synchronized long touches() {
    return touches;
  }

  /** How many signs of life were answered. */
  synchronized long answeredSigns() {
    return answered;
  }

  /** Says nothing more to anybody, and takes everything. */
  void cut() {
    connections.forEach(Connection::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Connection next = new Connection(listener.accept());
        connections.add(next);
        Thread.ofPlatform().daemon().name("fake-nsqd").start(next::serve);
      } catch (IOException e) {
        return;
      }
    }
  }

  private synchronized void expire() {
    long now = System.nanoTime();
    // Where the machine stood still its clients did as well, and are not too late.
    long stood = now - lastLook < STANDSTILL ? 0 : now - lastLook;
    lastLook = now;
    for (Connection each : connections) {
      for (Message message : each.held.values().toArray(Message[]::new)) {
        message.heldUntil += stood;
        if (now - message.heldUntil > 0) {
          each.held.remove(message.id);
          topic(each.topic).waiting.addFirst(message);
        }
      }
    }
    dispatch();
  }

  private Topic topic(String name) {
    return topics.computeIfAbsent(name, unused -> new Topic());
  }

  private synchronized void publish(String topic, byte[] body, long delay) {
    Message message = new Message("%016x".formatted(++lastId), body);
    enqueue(topic, message, delay);
  }

  private synchronized void enqueue(String topic, Message message, long delay) {
    Topic to = topic(topic);
    if (delay == 0) {
      to.waiting.add(message);
      dispatch();
      return;
    }
    if (timer.isShutdown()) {
      return;
    }
    to.deferred++;
    var unused =
        timer.schedule(
            () -> {
              synchronized (this) {
                to.deferred--;
                to.waiting.add(message);
                dispatch();
              }
            },
            delay,
            TimeUnit.MILLISECONDS);
  }

  private synchronized void dispatch() {
    for (Connection each : connections) {
      Deque<Message> waiting = topic(each.topic).waiting;
      while (!each.topic.isEmpty() && each.held.size() < each.ready && !waiting.isEmpty()) {
        each.hand(waiting.remove());
      }
    }
  }

  private synchronized void gone(Connection connection) {
    if (connections.remove(connection)) {
      for (Message message : connection.held.values()) {
        // Nobody can tell of it any more, and it comes again when its time is over.
        long left = message.heldUntil - System.nanoTime();
        enqueue(connection.topic, message, Math.max(1, left / 1_000_000));
      }
      connection.held.clear();
    }
  }

  private final class Connection {
    private final Socket socket;
    private final DataOutputStream out;
    private final Map<String, Message> held = new LinkedHashMap<>();
    private String topic = "";
    private int ready;
    private volatile State state = State.NEW;
    private volatile @Nullable ScheduledFuture<?> beats;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.out = new DataOutputStream(socket.getOutputStream());
    }

    void serve() {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
        byte[] magic = in.readNBytes(4);
        while (magic.length == 4) {
          obey(line(in).split(" ", -1), in);
        }
      } catch (IOException e) {
        // It has ended.
      } finally {
        close();
        gone(this);
      }
    }

    private String line(DataInputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        line.append((char) next);
      }
      return line.toString();
    }

    private void obey(String[] words, DataInputStream in) throws IOException {
      switch (words[0]) {
        case "IDENTIFY" -> {
          check(words, State.NEW);
          beat(new String(body(in), UTF_8));
          send(
              0,
              ("{\"max_rdy_count\":2500,\"msg_timeout\":" + messageTimeout + "}").getBytes(UTF_8));
        }
        case "SUB" -> {
          check(words, State.NEW);
          synchronized (FakeNsqd.this) {
            topic = words[1];
          }
          state = State.SUBSCRIBED;
          ok();
        }
        case "RDY" -> {
          check(words, State.SUBSCRIBED, State.CLOSING);
          ready(Integer.parseInt(words[1]));
        }
        case "PUB" -> take(words[1], body(in), 0);
        case "DPUB" -> take(words[1], body(in), Long.parseLong(words[2]));
        case "FIN" -> {
          check(words, State.SUBSCRIBED, State.CLOSING);
          var unused = settle("FIN", words[1]);
        }
        case "REQ" -> {
          check(words, State.SUBSCRIBED, State.CLOSING);
          Message message = settle("REQ", words[1]);
          if (message != null) {
            enqueue(topic, message, Long.parseLong(words[2]));
          }
        }
        case "TOUCH" -> {
          check(words, State.SUBSCRIBED, State.CLOSING);
          touch(words[1]);
        }
        case "CLS" -> {
          check(words, State.SUBSCRIBED);
          ready(0);
          state = State.CLOSING;
          send(0, "CLOSE_WAIT".getBytes(UTF_8));
        }
        case "NOP" -> {
          synchronized (FakeNsqd.this) {
            answered++;
          }
        }
        default -> throw new IOException("E_INVALID " + words[0]);
      }
    }

    /** What is not allowed now ends the connection. */
    private void check(String[] words, State... allowed) throws IOException {
      if (!List.of(allowed).contains(state)) {
        send(1, ("E_INVALID cannot " + words[0] + " in current state: " + state).getBytes(UTF_8));
        throw new IOException("fatal");
      }
    }

    /** Signs of life as often as the client wants them. */
    private void beat(String self) {
      Matcher millis = HEARTBEAT.matcher(self);
      if (timer.isShutdown()) {
        return;
      }
      long period = millis.find() ? Long.parseLong(millis.group(1)) : 30_000;
      beats = timer.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    private void beat() {
      try {
        send(0, "_heartbeat_".getBytes(UTF_8));
      } catch (IOException e) {
        close();
      }
    }

    private void ready(int count) throws IOException {
      if (count < 0 || count > MOST_READY) {
        send(1, ("E_INVALID RDY count " + count + " out of range 0-2500").getBytes(UTF_8));
        throw new IOException("fatal");
      }
      synchronized (FakeNsqd.this) {
        ready = state == State.CLOSING ? 0 : count;
        dispatch();
      }
    }

    private void take(String to, byte[] body, long delay) throws IOException {
      if (body.length > LARGEST) {
        send(
            1,
            ("E_BAD_MESSAGE PUB message too big " + body.length + " > " + LARGEST).getBytes(UTF_8));
        throw new IOException("fatal");
      }
      if (delay > 3_600_000) {
        send(1, ("E_INVALID DPUB timeout " + delay + " out of range 0-3600000").getBytes(UTF_8));
        throw new IOException("fatal");
      }
      publish(to, body, delay);
      ok();
    }

    private @Nullable Message settle(String command, String id) throws IOException {
      synchronized (FakeNsqd.this) {
        Message message = held.remove(id);
        if (message == null) {
          fail(command, id);
        }
        dispatch();
        return message;
      }
    }

    private void touch(String id) throws IOException {
      synchronized (FakeNsqd.this) {
        touches++;
        Message message = held.get(id);
        if (message == null) {
          fail("TOUCH", id);
        } else {
          message.heldUntil = System.nanoTime() + messageTimeout * 1_000_000;
        }
      }
    }

    private void fail(String command, String id) throws IOException {
      String text = "E_%s_FAILED %s %s failed ID not in flight".formatted(command, command, id);
      send(1, text.getBytes(UTF_8));
    }

    private byte[] body(DataInputStream in) throws IOException {
      return in.readNBytes(in.readInt());
    }

    private void ok() throws IOException {
      send(0, "OK".getBytes(UTF_8));
    }

    void hand(Message message) {
      held.put(message.id, message);
      message.attempts++;
      message.heldUntil = System.nanoTime() + messageTimeout * 1_000_000;
      byte[] data =
          ByteBuffer.allocate(26 + message.body.length)
              .putLong(System.nanoTime())
              .putShort((short) message.attempts)
              .put(message.id.getBytes(UTF_8))
              .put(message.body)
              .array();
      try {
        send(2, data);
      } catch (IOException e) {
        close();
      }
    }

    private void send(int type, byte[] data) throws IOException {
      synchronized (out) {
        out.writeInt(4 + data.length);
        out.writeInt(type);
        out.write(data);
        out.flush();
      }
    }

    void close() {
      ScheduledFuture<?> beating = beats;
      if (beating != null) {
        beating.cancel(false);
      }
      try {
        socket.close();
      } catch (IOException e) {
        // Of no more use anyway.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      // The port takes connections until nobody waits there any more.
      accepting.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    cut();
    timer.shutdownNow();
  }
}
