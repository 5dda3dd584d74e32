package dev.rr.testing.server;

import java.io.IOException;

/** A server that a test takes away from its clients, and gives back. One thread. */
public interface Restartable {
  /** Where it listens, at the loopback. */
  int port();

  /** Takes it away without a word. */
  void kill() throws IOException;

  /** Gives it back, as it was before, on the same port; returns when it takes connections. */
  void restart() throws IOException;
}
