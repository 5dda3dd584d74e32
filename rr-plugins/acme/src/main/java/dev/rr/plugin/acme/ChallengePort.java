package dev.rr.plugin.acme;

import dev.rr.api.plugin.Deadline;
import dev.rr.tls.ServerKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A port of every IPv4 address that only authorities have business with, open while they are
 * expected. Owns a thread that accepts, and its connections, each on a virtual thread.
 */
final class ChallengePort implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_HEAD = 8192;
  private static final long PAUSE_NANOS = 50_000_000;

  /** For a whole request head, for each read after it, and for the accepting thread to end. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String PATH = "/.well-known/acme-challenge/";

  private final ServerSocket listening;
  private final Handler handler;
  private final Thread accepting;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /** Answers one connection. */
  private interface Handler {
    void handle(Socket socket) throws IOException;
  }

  private ChallengePort(int port, Handler handler) throws IOException {
    this.handler = handler;
    this.listening = new ServerSocket();
    try {
      listening.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    this.accepting = Thread.ofPlatform().name("acme-challenge").daemon().start(this::accept);
  }

  /** Answers questions over HTTP, and everything else with 404. */
  static ChallengePort http(int port, Challenges challenges) throws IOException {
    return new ChallengePort(port, socket -> answer(socket, challenges));
  }

  /** Shows authorities the certificate they look for, and nobody anything else. */
  static ChallengePort tls(int port, Challenges challenges) throws IOException {
    SSLContext context = context(new ServerKeys(null, challenges::identity));
    return new ChallengePort(port, socket -> handshake(socket, context));
  }

  private static SSLContext context(ServerKeys keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        if (connections.size() >= MAX_CONNECTIONS) {
          socket.close();
          continue;
        }
        connections.add(socket);
        Thread.ofVirtual().name("acme-challenge-answer").start(() -> serve(socket));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          // Out of descriptors for a moment.
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      handler.handle(socket);
    } catch (IOException e) {
      // Whoever it was has left or speaks something else; an authority asks again.
    } finally {
      connections.remove(socket);
    }
  }

  private static void answer(Socket socket, Challenges challenges) throws IOException {
    String[] line = head(socket).split("\r?\n", 2)[0].split(" ", -1);
    Optional<String> found =
        line.length == 3 && line[0].equals("GET") && line[1].startsWith(PATH)
            ? challenges.answer(line[1].substring(PATH.length()))
            : Optional.empty();
    String body = found.orElse("not found\n");
    String text =
        "HTTP/1.1 "
            + (found.isPresent() ? "200 OK" : "404 Not Found")
            + "\r\nContent-Type: "
            + (found.isPresent() ? "application/octet-stream" : "text/plain")
            + "\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body;
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.shutdownOutput();
  }

  /** A request's head; the end of it at least is there. */
  private static String head(Socket socket) throws IOException {
    Deadline deadline = Deadline.after(TIMEOUT);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[1024];
    while (head.size() < MAX_HEAD && !deadline.passed()) {
      socket.setSoTimeout((int) Math.max(1, deadline.remaining().toMillis()));
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the request ends too early");
      }
      head.write(buffer, 0, count);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.contains("\r\n\r\n") || text.contains("\n\n")) {
        return text;
      }
    }
    throw new SocketTimeoutException("the request is too long or too slow");
  }

  private static void handshake(Socket socket, SSLContext context) throws IOException {
    // With the bytes read so far, none, the factory makes a server's socket.
    try (SSLSocket secure =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, InputStream.nullInputStream(), true)) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {ServerKeys.ACME_TLS});
      secure.setSSLParameters(parameters);
      secure.startHandshake();
    }
  }

  /** Closes the port and cuts off whoever is still there. */
  @Override
  public void close() throws IOException {
    listening.close();
    // A thread that waits in accept keeps the port open until it has woken.
    try {
      accepting.join(TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
