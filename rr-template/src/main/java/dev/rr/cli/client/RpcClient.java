package dev.rr.cli.client;

import dev.rr.cli.command.CliException;
import dev.rr.goridge.Frame;
import dev.rr.json.JsonReader;
import dev.rr.json.JsonWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection to a running server: one call at a time, in JSON. One thread. */
final class RpcClient implements AutoCloseable {
  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final int HEAD = Frame.HEADER + 8;

  private final SocketChannel channel;
  private final Selector selector;
  private int sequence;

  private RpcClient(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @throws CliException when nobody listens there
   */
  static RpcClient connect(RpcAddress address) throws CliException {
    try {
      SocketChannel channel =
          address.socket() instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open();
      return connect(channel, address);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      throw new CliException(
          "cannot reach the server on " + address.dsn() + ": " + reason + "; is it running?");
    }
  }

  private static RpcClient connect(SocketChannel channel, RpcAddress address) throws IOException {
    Selector selector = Selector.open();
    try {
      channel.configureBlocking(false);
      channel.register(selector, 0);
      RpcClient client = new RpcClient(channel, selector);
      boolean connected = channel.connect(address.socket());
      long end = System.nanoTime() + TO_CONNECT.toNanos();
      while (!connected) {
        client.await(SelectionKey.OP_CONNECT, end);
        connected = channel.finishConnect();
      }
      return client;
    } catch (IOException e) {
      selector.close();
      channel.close();
      throw e;
    }
  }

  /**
   * Calls a method.
   *
   * @param limit how long the answer may take
   * @return the decoded result: null, {@code Boolean, Long, Double, String, List, Map}
   * @throws RpcFault when the server answers with an error
   * @throws IOException when there is no proper answer; the connection is of no more use
   */
  @Nullable Object call(String method, @Nullable Object argument, Duration limit)
      throws IOException {
    byte[] name = method.getBytes(StandardCharsets.UTF_8);
    byte[] body = JsonWriter.write(argument);
    byte[] payload = Arrays.copyOf(name, name.length + body.length);
    System.arraycopy(body, 0, payload, name.length, body.length);
    long end = System.nanoTime() + limit.toNanos();
    write(ByteBuffer.wrap(Frame.of(Frame.JSON, 0, payload, ++sequence, name.length)), end);
    return answer(end);
  }

  private @Nullable Object answer(long end) throws IOException {
    byte[] head = read(HEAD, end);
    boolean proper = Frame.valid(head, 0) && Frame.headerLength(head[0]) == HEAD;
    if (!proper || Frame.option(head, 0, 0) != sequence) {
      throw new IOException("the server does not speak goridge RPC");
    }
    byte[] payload = read(Math.toIntExact(Frame.payload(head, 0)), end);
    int name = Frame.option(head, 0, 1);
    if (name < 0 || name > payload.length) {
      throw new IOException("the server does not speak goridge RPC");
    }
    if ((Frame.flags(head, 0) & Frame.ERROR) != 0) {
      throw new RpcFault(new String(payload, name, payload.length - name, StandardCharsets.UTF_8));
    }
    try {
      return JsonReader.read(payload, name);
    } catch (IllegalArgumentException e) {
      throw new IOException("the server's answer is no JSON: " + e.getMessage(), e);
    }
  }

  private void write(ByteBuffer bytes, long end) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, end);
      }
    }
  }

  private byte[] read(int length, long end) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes);
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (read == 0) {
        await(SelectionKey.OP_READ, end);
      }
    }
    return bytes.array();
  }

  private void await(int operation, long end) throws IOException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    channel.keyFor(selector).interestOps(operation);
    selector.select(millis);
    selector.selectedKeys().clear();
  }

  @Override
  public void close() {
    try (selector;
        channel) {
      // Both are closed, whatever the other throws.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
