package dev.rr.testing.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port of the loopback behind which a server stands, which a test makes silent for a while, or
 * cuts off: the network between a client and its server. Any thread; one alone kills it, restarts
 * and closes it.
 */
public final class TestProxy implements Restartable, AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final int port;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition resumed = lock.newCondition();
  private boolean stalled;
  private String stallAt = "";
  private final AtomicInteger accepted = new AtomicInteger();
  private ServerSocket listener;
  private Thread acceptor;

  private TestProxy(int port, int target) throws IOException {
    this.port = port;
    this.target = target;
    this.listener = listen();
    this.acceptor = accept(listener);
  }

  /** Stands before a port of the loopback. */
  public static TestProxy before(int target) throws IOException {
    return new TestProxy(TestServer.freePort(), target);
  }

  private ServerSocket listen() throws IOException {
    return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
  }

  private Thread accept(ServerSocket from) {
    return Thread.ofVirtual().name("test-proxy").start(() -> acceptAll(from));
  }

  /** The port that clients take. */
  @Override
  public int port() {
    return port;
  }

  /** Cuts all connections off, and refuses new ones from now on. */
  @Override
  public void kill() throws IOException {
    listener.close();
    try {
      // The port is free once nobody waits at it any more.
      if (!acceptor.join(LONGEST)) {
        throw new AssertionError("port " + port + " is still taken");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    cut();
  }

  /** Takes connections again. */
  @Override
  public void restart() throws IOException {
    listener = listen();
    acceptor = accept(listener);
  }

  /** How many connections there have been. */
  public int accepted() {
    return accepted.get();
  }

  /** Whether there is no connection now. */
  public boolean isUnused() {
    return open.isEmpty();
  }

  /** Passes nothing on from now on, and takes connections still. */
  public void stall() {
    setStalled(true);
  }

  /** Becomes silent before it passes on what has these bytes; once. */
  public void stallAt(byte... bytes) {
    lock.lock();
    try {
      stallAt = new String(bytes, ISO_8859_1);
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is silent. */
  public boolean isStalled() {
    lock.lock();
    try {
      return stalled;
    } finally {
      lock.unlock();
    }
  }

  /** Passes on again, also what came meanwhile. */
  public void resume() {
    setStalled(false);
  }

  private void setStalled(boolean now) {
    lock.lock();
    try {
      stalled = now;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Cuts all connections off that there are now; who dials again meanwhile is not meant. */
  public void cut() {
    List.copyOf(open).forEach(TestProxy::close);
  }

  private void acceptAll(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        connect(from.accept());
      } catch (IOException e) {
        // It was closed.
      }
    }
  }

  private void connect(Socket client) {
    accepted.incrementAndGet();
    open.add(client);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      Thread.ofVirtual().name("test-proxy").start(() -> pump(client, server));
      Thread.ofVirtual().name("test-proxy").start(() -> pump(server, client));
    } catch (IOException e) {
      // Nobody is behind it: the client hears of that.
      close(client);
      open.remove(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[65_536];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitResumed(buffer, n);
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // Cut off.
    } finally {
      close(from);
      close(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private void awaitResumed(byte[] buffer, int length) throws InterruptedException {
    lock.lock();
    try {
      if (!stallAt.isEmpty() && new String(buffer, 0, length, ISO_8859_1).contains(stallAt)) {
        stallAt = "";
        stalled = true;
      }
      while (stalled) {
        resumed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use anyway.
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    resume();
  }
}
