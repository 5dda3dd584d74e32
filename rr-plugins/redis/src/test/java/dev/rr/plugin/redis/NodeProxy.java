package dev.rr.plugin.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of the loopback behind which a node stands: a connection begins late, and those that there
 * are can be made to lead nowhere, as half-open ones do, while new ones are served. Any thread.
 */
final class NodeProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Duration late;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  /** The last connection that leads nowhere. */
  private volatile int lost;

  /**
   * A proxy.
   *
   * @param late how long a connection carries nothing at first
   */
  NodeProxy(int target, Duration late) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    this.late = late;
    Thread.ofVirtual().name("node-proxy").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What comes over the connections there are goes nowhere from now on. */
  void lose() {
    lost = accepted.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        int number = accepted.incrementAndGet();
        Thread.ofVirtual().name("node-proxy").start(() -> serve(client, number));
      } catch (IOException e) {
        // It was closed.
      }
    }
  }

  private void serve(Socket client, int number) {
    open.add(client);
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(server);
      Thread.sleep(late);
      Thread answers =
          Thread.ofVirtual().name("node-proxy").start(() -> pump(server, client, number));
      pump(client, server, number);
      answers.join();
    } catch (IOException | InterruptedException e) {
      // The client hears of that.
    }
  }

  private void pump(Socket from, Socket to, int number) {
    byte[] buffer = new byte[65_536];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (number > lost) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // Cut off.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
