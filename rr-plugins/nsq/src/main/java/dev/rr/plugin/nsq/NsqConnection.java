package dev.rr.plugin.nsq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.jobs.RefusedException;
import dev.rr.api.plugin.Deadline;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import dev.rr.net.Address;
import dev.rr.net.ClientSocket;
import dev.rr.net.WatchedPeer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an nsqd, version 2 of its protocol. Commands go out without waiting for the
 * answers of those before, which come in their order; what is told of messages has none. A thread
 * of its own says in time that messages are still worked on, and ends the connection when nothing
 * has come for too long: nsqd sends signs of life. Any thread.
 */
final class NsqConnection implements ClientSocket.Receiver, WatchedPeer.Connection {
  /** A larger frame ends the connection; 64 times what nsqd takes unless told otherwise. */
  private static final int LARGEST = 64 << 20;

  private static final int RESPONSE = 0;
  private static final int ERROR = 1;
  private static final int MESSAGE = 2;

  /** Type, then timestamp, attempts and id of a message. */
  private static final int FRAME_HEAD = 4;

  private static final int MESSAGE_HEAD = 26;
  private static final int ID = 16;
  private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration LEAST_WATCH = Duration.ofMillis(10);

  private final ClientSocket socket;
  private final String name;
  private final NsqConfig config;
  private final Messages messages;
  private final Queue<CompletableFuture<String>> asked = new ConcurrentLinkedQueue<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<IOException> end = new CompletableFuture<>();
  private volatile @Nullable Thread watcher;
  private volatile long heard = System.nanoTime();

  /** Who takes messages, on the thread that reads, which must not wait. */
  interface Messages {
    /**
     * A message has come.
     *
     * @param attempts how often it has been handed over, with this time
     */
    void take(NsqConnection from, String id, int attempts, byte[] body);

    /** The server did not take what was told of a message. */
    void refused(String error);
  }

  private NsqConnection(ClientSocket socket, String name, NsqConfig config, Messages messages) {
    this.socket = socket;
    this.name = name;
    this.config = config;
    this.messages = messages;
  }

  /**
   * Connects, and says who this is.
   *
   * @param thread what its threads are called
   */
  static NsqConnection dial(Address.Tcp address, String thread, NsqConfig config, Messages messages)
      throws IOException, InterruptedException {
    String name = "nsqd at " + address.text();
    ClientSocket socket;
    try {
      socket = ClientSocket.dial(thread, address.reach(Path.of("")), config.dial());
    } catch (IOException e) {
      throw new IOException("cannot connect to " + name + ": " + reason(e), e);
    }
    NsqConnection connection = new NsqConnection(socket, name, config, messages);
    socket.start(connection);
    try {
      connection.identify(thread);
      return connection;
    } catch (IOException | InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void identify(String thread) throws IOException, InterruptedException {
    Map<String, Object> self = new LinkedHashMap<>();
    self.put("client_id", "rr");
    self.put("user_agent", "rr");
    self.put("feature_negotiation", true);
    self.put("heartbeat_interval", heartbeat().toMillis());
    // Else nsqd keeps a message back for a while, in case that another follows.
    self.put("output_buffer_size", -1);
    socket.send(TopicMessage.ascii("  V2"), () -> {}, config.write());
    Deadline deadline = Deadline.after(config.read());
    String answer = await(send("IDENTIFY", JsonWriter.write(self), deadline), deadline);
    Duration silence = Duration.ofSeconds(60);
    try {
      if (JsonReader.read(TopicMessage.ascii(answer), 0) instanceof Map<?, ?> server) {
        if (Boolean.TRUE.equals(server.get("auth_required"))) {
          throw new RefusedException(name + " wants an authorization, which rr cannot give");
        }
        if (server.get("msg_timeout") instanceof Number millis && millis.longValue() > 0) {
          silence = Duration.ofMillis(millis.longValue());
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(name + " does not say what it can: " + answer, e);
    }
    watch(thread, silence.dividedBy(3));
  }

  /** Twice in the time that the other side may be silent, within what nsqd allows. */
  private Duration heartbeat() {
    Duration half = config.read().dividedBy(2);
    if (half.compareTo(LONGEST_HEARTBEAT) > 0) {
      return LONGEST_HEARTBEAT;
    }
    return half.compareTo(SHORTEST_HEARTBEAT) < 0 ? SHORTEST_HEARTBEAT : half;
  }

  private void watch(String thread, Duration touch) {
    Duration silence = silence();
    Duration half = silence.dividedBy(2);
    Duration shorter = touch.compareTo(half) < 0 ? touch : half;
    Duration period = shorter.compareTo(LEAST_WATCH) < 0 ? LEAST_WATCH : shorter;
    Thread watching =
        Thread.ofVirtual()
            .name(thread + "-watch")
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(period);
                  touch();
                  endIfSilent(silence);
                }
              } catch (IOException | InterruptedException e) {
                // The connection has ended.
              }
            });
    watcher = watching;
    var unused = end.thenRun(watching::interrupt);
  }

  /** Signs of life come once a second at most. */
  private Duration silence() {
    Duration twice = heartbeat().multipliedBy(2);
    return config.read().compareTo(twice) < 0 ? twice : config.read();
  }

  private void touch() throws IOException, InterruptedException {
    for (String id : held) {
      tell("TOUCH " + id);
    }
  }

  private void endIfSilent(Duration longest) {
    if (System.nanoTime() - heard > longest.toNanos()) {
      var unused = socket.close(new IOException("nothing came for " + longest.toMillis() + " ms"));
    }
  }

  // ---- out
  // ---------------------------------------------------------------------------------------

  /** Sends a command that is answered. */
  CompletableFuture<String> send(String command) throws IOException, InterruptedException {
    return ask(TopicMessage.ascii(command.concat("\n")), config.write());
  }

  /** Sends a command with a body, within the deadline. */
  CompletableFuture<String> send(String command, byte[] body, Deadline deadline)
      throws IOException, InterruptedException {
    byte[] line = TopicMessage.ascii(command.concat("\n"));
    return ask(
        ByteBuffer.allocate(line.length + Integer.BYTES + body.length)
            .put(line)
            .putInt(body.length)
            .put(body)
            .array(),
        deadline.within(config.write()).remaining());
  }

  private CompletableFuture<String> ask(byte[] command, Duration longest)
      throws IOException, InterruptedException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    write(command, () -> asked.add(answer), longest);
    return answer;
  }

  /** Sends a command that is not answered. */
  void tell(String command) throws IOException, InterruptedException {
    write(TopicMessage.ascii(command.concat("\n")), () -> {}, config.write());
  }

  /** As {@link #tell}, also on a thread that was interrupted, which stays so. */
  void tellAnyway(String command) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!told(command)) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean told(String command) throws IOException {
    try {
      tell(command);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void write(byte[] command, Runnable queued, Duration longest)
      throws IOException, InterruptedException {
    try {
      socket.send(command, queued, longest);
    } catch (IOException e) {
      throw hasEnded() ? lost(e) : new IOException(name + ": " + e.getMessage(), e);
    }
  }

  private IOException lost(IOException cause) {
    return new IOException("the connection to " + name + " was lost: " + cause.getMessage(), cause);
  }

  /**
   * Waits for an answer. One that is late is dropped; where one is later than the configuration
   * allows, the connection ends.
   *
   * @throws RefusedException when it is an error
   * @throws IOException when there is none by then, or the connection has ended
   */
  String await(CompletableFuture<String> answer, Deadline deadline)
      throws IOException, InterruptedException {
    Deadline longest = Deadline.after(config.read());
    try {
      return answer.get(deadline.within(config.read()).remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof RefusedException
          ? new RefusedException(String.valueOf(cause.getMessage()))
          : new IOException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      if (longest.passed()) {
        var unused =
            socket.close(new IOException("no answer in " + config.read().toMillis() + " ms"));
      }
      throw new IOException(name + " does not answer", e);
    }
  }

  /**
   * Tells the outcome of a message, which is no longer held. There is no answer; where the
   * connection ends before nsqd has read it, the message comes again.
   */
  void settle(String id, String command) throws IOException, InterruptedException {
    if (!held.remove(id)) {
      throw new IOException(
          hasEnded()
              ? "the connection to " + name + " was lost, the job comes again"
              : "the job is not held any more: it has an outcome, or was silent for too long");
    }
    tell(command);
  }

  /** As {@link #settle}, of a message that nobody has seen; it may be too late for that. */
  void settleAnyway(String id, String command) {
    try {
      if (held.remove(id)) {
        tellAnyway(command);
      }
    } catch (IOException e) {
      // The connection has ended, so it comes again anyway.
    }
  }

  // ---- in
  // ----------------------------------------------------------------------------------------

  @Override
  public void receive(DataInputStream in) throws IOException {
    try {
      receiveFrames(in);
    } catch (EOFException e) {
      throw new IOException("it was closed by the server", e);
    }
  }

  private void receiveFrames(DataInputStream in) throws IOException {
    while (true) {
      int size = in.readInt();
      if (size < FRAME_HEAD || size > LARGEST) {
        throw new IOException("it sent a frame of " + size + " bytes");
      }
      int type = in.readInt();
      byte[] data = in.readNBytes(size - FRAME_HEAD);
      heard = System.nanoTime();
      if (data.length < size - FRAME_HEAD) {
        throw new EOFException();
      }
      take(type, data);
    }
  }

  private void take(int type, byte[] data) throws IOException {
    switch (type) {
      case RESPONSE -> response(new String(data, UTF_8));
      case ERROR -> error(new String(data, UTF_8));
      case MESSAGE -> message(data);
      default -> throw new IOException("it sent a frame of the unknown type " + type);
    }
  }

  private void response(String text) throws IOException {
    if (text.equals("_heartbeat_")) {
      try {
        tell("NOP");
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
      return;
    }
    CompletableFuture<String> first = asked.poll();
    if (first == null) {
      throw new IOException("it sent an answer that nobody asked for: " + text);
    }
    first.complete(text);
  }

  private void error(String text) throws IOException {
    if (text.startsWith("E_FIN_") || text.startsWith("E_REQ_") || text.startsWith("E_TOUCH_")) {
      forget(text);
      messages.refused(text);
      return;
    }
    CompletableFuture<String> first = asked.poll();
    if (first == null) {
      throw new IOException("it sent an error: " + text);
    }
    first.completeExceptionally(new RefusedException(text));
  }

  /** {@code E_TOUCH_FAILED TOUCH id failed …}: nsqd has it come again, maybe elsewhere. */
  private void forget(String text) {
    String[] words = text.split(" ", 4);
    if (words.length > 2 && words[1].equals("TOUCH")) {
      held.remove(words[2]);
    }
  }

  private void message(byte[] data) throws IOException {
    if (data.length < MESSAGE_HEAD) {
      throw new IOException("it sent a message of " + data.length + " bytes");
    }
    ByteBuffer head = ByteBuffer.wrap(data);
    int attempts = head.getShort(Long.BYTES) & 0xffff;
    String id = new String(data, MESSAGE_HEAD - ID, ID, UTF_8);
    byte[] body = new byte[data.length - MESSAGE_HEAD];
    head.get(MESSAGE_HEAD, body);
    held.add(id);
    messages.take(this, id, attempts, body);
  }

  // ---- the end
  // -----------------------------------------------------------------------------------

  @Override
  public void ended(IOException cause) {
    held.clear();
    IOException told = lost(cause);
    for (var next = asked.poll(); next != null; next = asked.poll()) {
      next.completeExceptionally(told);
    }
    end.complete(told);
  }

  @Override
  public void onEnd(Runnable then) {
    var unused = end.thenRun(then);
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** Messages without an outcome. */
  int held() {
    return held.size();
  }

  /**
   * Has all that is held come again at once, which it would only after a while when the connection
   * just ended; then ends it.
   */
  void giveBackAndClose(Deadline deadline) throws InterruptedException {
    try {
      giveBackHeld();
      // Answered once nsqd has read all before it, and nothing is handed out from then on.
      String unused = await(send("CLS"), deadline);
      if (!held.isEmpty()) {
        // They were on the way meanwhile. The second is refused, which tells that they were read.
        giveBackHeld();
        unused = await(send("CLS"), deadline);
      }
    } catch (IOException e) {
      // It has ended by itself.
    } finally {
      close();
    }
  }

  private void giveBackHeld() throws IOException, InterruptedException {
    for (String id : held) {
      // A worker's outcome may be quicker.
      if (held.remove(id)) {
        tell("REQ " + id + " 0");
      }
    }
  }

  @Override
  public void join(Duration longest) throws InterruptedException {
    socket.join(longest);
    Thread watching = watcher;
    if (watching != null) {
      boolean unused = watching.join(longest);
    }
  }

  /** The server hands out what is held again. */
  @Override
  public void close() {
    socket.close();
  }
}
