package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.plugin.Deadline;
import dev.rr.net.ClientSocket;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A connection that speaks beanstalk's protocol. Commands go out without waiting for the replies to
 * those before, which come in their order. Any thread.
 */
final class BeanstalkConnection implements ClientSocket.Receiver {
  /** A larger body is read over; 1000 times what servers take unless told otherwise. */
  static final int LARGEST = 64 << 20;

  private static final int LONGEST_LINE = 1024;

  private final ClientSocket socket;
  private final String name;
  private final Duration timeout;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<IOException> end = new CompletableFuture<>();

  /** A command without a reply so far, and how long it may stay so. */
  private record Asked(
      CompletableFuture<TubeReply> reply, Deadline overdue, Consumer<TubeReply> first) {
    Asked(Deadline overdue, Consumer<TubeReply> first) {
      this(new CompletableFuture<>(), overdue, first);
    }
  }

  /**
   * Begins to read.
   *
   * @param name what the server is called in messages
   * @param timeout how long a reply may take
   */
  BeanstalkConnection(ClientSocket socket, String name, Duration timeout) {
    this.socket = socket;
    this.name = name;
    this.timeout = timeout;
    socket.start(this);
  }

  /** Has {@code then} run when it ends, on a thread that it must not block. */
  void onEnd(Runnable then) {
    var unused = end.thenRun(then);
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** Sends a command, and does not wait for the reply. */
  CompletableFuture<TubeReply> send(String command) throws IOException, InterruptedException {
    return send(command, timeout, reply -> {});
  }

  /**
   * Sends a command that the server may let wait.
   *
   * @param longest how long the reply may take
   * @param first takes the reply before any that comes behind it is read; must be short
   */
  CompletableFuture<TubeReply> send(String command, Duration longest, Consumer<TubeReply> first)
      throws IOException, InterruptedException {
    return send(bytes(command), timeout, new Asked(Deadline.after(longest), first));
  }

  /** Sends a command with its body and its end of line, within the deadline. */
  CompletableFuture<TubeReply> send(byte[] command, Deadline deadline)
      throws IOException, InterruptedException {
    Duration wait = deadline.within(timeout).remaining();
    return send(command, wait, new Asked(Deadline.after(timeout), reply -> {}));
  }

  /** Sends a command where nothing waits to be sent before it, without waiting for the reply. */
  void sendAtOnce(String command) throws IOException, InterruptedException {
    var unused =
        send(bytes(command), Duration.ZERO, new Asked(Deadline.after(timeout), reply -> {}));
  }

  private static byte[] bytes(String command) {
    return command.concat("\r\n").getBytes(US_ASCII);
  }

  private CompletableFuture<TubeReply> send(byte[] command, Duration wait, Asked next)
      throws IOException, InterruptedException {
    try {
      socket.send(command, () -> asked.add(next), wait);
    } catch (IOException e) {
      throw hasEnded() ? lost(e) : new IOException(name + ": " + e.getMessage(), e);
    }
    return next.reply;
  }

  private IOException lost(IOException cause) {
    return new IOException("the connection to " + name + " was lost: " + cause.getMessage(), cause);
  }

  /** Sends a command, and waits for the reply. */
  TubeReply call(String command, Deadline deadline) throws IOException, InterruptedException {
    return await(send(command), deadline);
  }

  /**
   * Waits for a reply. One that comes later is dropped; where one is overdue the connection ends.
   *
   * @throws IOException when there is none by then, or the connection has ended
   */
  TubeReply await(CompletableFuture<TubeReply> reply, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      return reply.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // One exception is for many: each gets its own stack.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      closeIfOverdue();
      throw new IOException(name + " does not answer", e);
    }
  }

  /** Ends it when the server owes a reply for too long. */
  void closeIfOverdue() {
    Asked first = asked.peek();
    if (first != null && first.overdue.passed()) {
      var unused = socket.close(new IOException("no reply within " + timeout.toMillis() + " ms"));
    }
  }

  /** Waits until it has ended, after it was closed. */
  void join(Duration longest) throws InterruptedException {
    socket.join(longest);
  }

  /** Ends it, and waits for nothing. The server takes back what is reserved. */
  void close() {
    socket.close();
  }

  @Override
  public void receive(DataInputStream in) throws IOException {
    while (true) {
      TubeReply reply = read(in);
      Asked first = asked.poll();
      if (first == null) {
        throw new IOException("it sent a reply that nobody asked for: " + reply.word());
      }
      first.first.accept(reply);
      first.reply.complete(reply);
    }
  }

  private static TubeReply read(DataInputStream in) throws IOException {
    List<String> words = List.of(line(in).split(" ", -1));
    TubeReply head = new TubeReply(words.getFirst(), words.subList(1, words.size()), new byte[0]);
    int size =
        switch (head.word()) {
          case "OK" -> 0;
          case "RESERVED", "FOUND" -> 1;
          default -> -1;
        };
    return size < 0 ? head : body(head, head.number(size), in);
  }

  private static TubeReply body(TubeReply head, long size, DataInputStream in) throws IOException {
    if (size < 0) {
      throw new IOException("it sent a body of an unknown size");
    }
    if (size > LARGEST) {
      in.skipNBytes(size);
      end(in);
      return new TubeReply(head.word(), head.rest(), null);
    }
    byte[] body = in.readNBytes((int) size);
    end(in);
    return new TubeReply(head.word(), head.rest(), body);
  }

  private static void end(DataInputStream in) throws IOException {
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw new IOException("it sent a body without an end");
    }
  }

  private static String line(DataInputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(32);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("it was closed by the server");
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("it sent a line without an end");
      }
      line.write(next);
    }
    return line.toString(US_ASCII).stripTrailing();
  }

  @Override
  public void ended(IOException cause) {
    IOException told = lost(cause);
    for (Asked next = asked.poll(); next != null; next = asked.poll()) {
      next.reply.completeExceptionally(told);
    }
    end.complete(told);
  }
}
