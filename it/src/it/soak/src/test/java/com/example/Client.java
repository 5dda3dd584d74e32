package com.example;

import com.example.Losses.Loss;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.net.SocketFactory;

/** Asks for one thing after the other, mostly over the same connection. One thread at a time. */
final class Client {
  private final SocketFactory sockets;
  private final int port;
  private final SplittableRandom random;
  private final Outcomes outcomes;
  private Connection connection;

  Client(SocketFactory sockets, int port, SplittableRandom random, Outcomes outcomes) {
    this.sockets = sockets;
    this.port = port;
    this.random = random;
    this.outcomes = outcomes;
  }

  void next() throws IOException {
    switch (random.nextInt(25)) {
      case 0 -> leave();
      case 1, 2, 3, 4 -> {
        disconnect();
        ask(Request.any(random));
      }
      default -> ask(Request.any(random));
    }
  }

  private void ask(Request request) throws IOException {
    long from = System.nanoTime();
    try {
      Connection.Answer answer = connection().ask(request);
      if (answer.status() != 200) {
        lost(from, request, answer.status() + " " + answer.text());
      } else if (!answer.text().equals(request.expected())) {
        outcomes.fault(request + " was answered with " + start(answer.text()));
      }
    } catch (IOException e) {
      lost(from, request, e.toString());
      disconnect();
    }
    outcomes.count("requests");
  }

  private void lost(long from, Request request, String how) {
    outcomes.lost(new Loss(from, System.nanoTime(), request + ": " + start(how)));
  }

  private static String start(String text) {
    return text.substring(0, Math.min(200, text.length()));
  }

  private Connection connection() throws IOException {
    if (connection == null || !connection.usable()) {
      disconnect();
      connection = Connection.open(sockets, port);
      outcomes.count("connections");
    }
    return connection;
  }

  /** Goes away in the midst of an answer, as impatient people do. */
  private void leave() {
    try (Connection left = Connection.open(sockets, port)) {
      left.abandon(Request.streamed(50));
      outcomes.count("left");
    } catch (IOException e) {
      // Its worker was killed: it had nothing to wait for.
      outcomes.count("left early");
    }
  }

  void disconnect() throws IOException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
