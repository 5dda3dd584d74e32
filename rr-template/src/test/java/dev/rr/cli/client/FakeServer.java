package dev.rr.cli.client;

import dev.rr.goridge.Frame;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers RPC calls from a function; what it returns in angle brackets is an error. */
final class FakeServer implements AutoCloseable {
  final List<String> calls = new CopyOnWriteArrayList<>();

  private final ServerSocket listener;
  private final Function<String, String> answers;

  FakeServer(Function<String, String> answers) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    this.answers = answers;
    // While a virtual thread is in accept, close returns before the port is free.
    Thread.ofPlatform().daemon().name("fake-server").start(this::accept);
  }

  RpcAddress address() {
    return new RpcAddress(
        "tcp://127.0.0.1:" + listener.getLocalPort(),
        new InetSocketAddress("127.0.0.1", listener.getLocalPort()));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] head = in.readNBytes(20);
      while (head.length == 20) {
        byte[] payload = in.readNBytes((int) Frame.payload(head, 0));
        int name = Frame.option(head, 0, 1);
        String call = new String(payload, StandardCharsets.UTF_8);
        calls.add(call);
        String answer = answers.apply(call);
        boolean error = answer.startsWith("<");
        String body = error ? answer.substring(1, answer.length() - 1) : answer;
        byte[] reply = (call.substring(0, name) + body).getBytes(StandardCharsets.UTF_8);
        int flags = Frame.JSON | (error ? Frame.ERROR : 0);
        socket.getOutputStream().write(Frame.of(flags, 0, reply, Frame.option(head, 0, 0), name));
        head = in.readNBytes(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
